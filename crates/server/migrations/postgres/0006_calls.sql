-- The governor: calls by purpose and quarter of an hour, what orgs told of their limits, what admins allow; mails.

-- Calls to a CRM, by what they were for and which call they were.
CREATE TABLE call_count_new (
    workspace_id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    slot BIGINT NOT NULL,         -- quarters of an hour since the epoch (UTC); those of old days are put together
    purpose TEXT COLLATE "C" NOT NULL,         -- 'panel', 'asked', 'message', 'backfill', 'check'
    call TEXT COLLATE "C" NOT NULL,            -- 'find_people', ...
    calls BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, slot, purpose, call)
);
INSERT INTO call_count_new (workspace_id, connection_id, slot, purpose, call, calls)
    SELECT workspace_id, connection_id, day * 96, CASE WHEN purpose IN ('panel_find', 'panel_read', 'panel_near') THEN 'panel'
    WHEN purpose IN ('describe', 'usage', 'changed_people') THEN 'check' ELSE 'message' END, purpose, calls FROM call_count;
DROP TABLE call_count;
ALTER TABLE call_count_new RENAME TO call_count;

-- What an org told of its limit, the last of each quarter of an hour. An org may be connected by several workspaces.
CREATE TABLE usage_reading (
    crm TEXT COLLATE "C" NOT NULL,
    org_id TEXT COLLATE "C" NOT NULL,
    slot BIGINT NOT NULL,
    at BIGINT NOT NULL,
    used BIGINT NOT NULL,
    most BIGINT NOT NULL,         -- the limit
    PRIMARY KEY (crm, org_id, slot)
);

-- What the admin allows in percent of the limit; null: what the operator set.
ALTER TABLE connection ADD COLUMN share_percent BIGINT;
ALTER TABLE connection ADD COLUMN reserve_percent BIGINT;
-- Since when calls run short, and since when somebody knows that they are near their end or that the lane stands; null: not.
ALTER TABLE connection ADD COLUMN short_since BIGINT;
ALTER TABLE connection ADD COLUMN near_since BIGINT;
ALTER TABLE connection ADD COLUMN stopped_since BIGINT;
ALTER TABLE connection ADD COLUMN reviewed_at BIGINT;

-- Put together although it was not to be, because calls ran short; and: its message was old when it was to be written.
ALTER TABLE entry ADD COLUMN is_widened BIGINT NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN is_backfill BIGINT NOT NULL DEFAULT 0;
CREATE INDEX entry_widened ON entry (connection_id) WHERE state = 'due' AND is_widened = 1;
CREATE INDEX entry_backfill ON entry (connection_id) WHERE state = 'due' AND is_backfill = 1;

-- Mails: recorded before they are sent, so that each is sent at least once.
CREATE TABLE mail (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,    -- to whom
    kind TEXT COLLATE "C" NOT NULL,            -- 'calls_near', 'calls_stopped'
    subject TEXT COLLATE "C" NOT NULL,         -- the id of what it is about, with its prefix
    detail TEXT COLLATE "C" NOT NULL,          -- JSON: what it says
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('due', 'sent', 'failed')),
    reason TEXT COLLATE "C",                   -- why it could not be sent
    tries BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX mail_due ON mail (due_at) WHERE state = 'due';
