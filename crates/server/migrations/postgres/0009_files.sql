-- Bytes that are kept, once per content in a workspace. They lie in the file store, under their id.
CREATE TABLE file (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,            -- SHA-256, hexadecimal
    size BIGINT NOT NULL,              -- bytes
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, digest)
);

-- A file that a message names: to be fetched, kept, or held with a reason.
CREATE TABLE attachment (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    place BIGINT NOT NULL,             -- among the files of its message, from 0
    conversation_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    declared TEXT COLLATE "C" NOT NULL,          -- JSON: what the provider said of it
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('due', 'kept', 'held')),
    due_at BIGINT,                     -- when it is asked for next; set while it is due
    in_hand BIGINT NOT NULL DEFAULT 0, -- the number of the try that is under way; 0: none is
    tries BIGINT NOT NULL DEFAULT 0,   -- this one included
    reason TEXT COLLATE "C",                     -- why it is held
    detail TEXT COLLATE "C",                     -- the last trouble, in words
    file_id BIGINT,                    -- the bytes; set once they are kept
    media_type TEXT COLLATE "C",                 -- by its first bytes
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, item_id, place)
);
CREATE INDEX attachment_due ON attachment (due_at) WHERE state = 'due';
CREATE INDEX attachment_held ON attachment (workspace_id, account_id, reason) WHERE state = 'held';
CREATE INDEX attachment_file ON attachment (workspace_id, file_id) WHERE file_id IS NOT NULL;

-- Which files are kept, as JSON; null: the usual rules.
ALTER TABLE workspace ADD COLUMN file_rules TEXT COLLATE "C";
