-- What the database says about itself.
CREATE TABLE meta (
    key   TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- what is told
    value TEXT COLLATE "C" NOT NULL              -- the telling
);
