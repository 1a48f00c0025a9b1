-- What the database says about itself.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY, -- what is told
    value TEXT NOT NULL              -- the telling
) STRICT;
