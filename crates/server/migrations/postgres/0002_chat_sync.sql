-- The tables of chat sync. Times are microseconds since the epoch (UTC), booleans 0 or 1.
-- Every table carries workspace_id: it is the distribution key.

-- A tenant.
CREATE TABLE workspace (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,            -- IANA name; decides days and the offset in texts
    region TEXT,                   -- ISO 3166; how numbers without a country are read
    created_at BIGINT NOT NULL
);

-- A person who works in a workspace.
CREATE TABLE member (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,           -- lower case; CRM users are matched by it
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'agent')),
    is_active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, email)
);

-- A bearer token of the JSON API; only its digest is kept.
CREATE TABLE api_token (
    digest TEXT PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- An endpoint to which a provider posts: one app, many accounts.
CREATE TABLE source (
    key TEXT PRIMARY KEY,          -- stands in the URL
    workspace_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    secrets BYTEA NOT NULL,         -- sealed
    created_at BIGINT NOT NULL
);

-- A connected number, page or mailbox.
CREATE TABLE account (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,     -- the provider's id (WhatsApp: phone_number_id)
    source_key TEXT NOT NULL,
    display TEXT NOT NULL,         -- what people call it; a number or a name
    owner_id BIGINT,              -- member
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, channel, external_id)
);

-- Raw requests: durable before the acknowledgement, kept for a configured number of days.
CREATE TABLE intake (
    id BIGINT PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    source_key TEXT NOT NULL,
    channel TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    headers TEXT NOT NULL,         -- JSON: those worth keeping
    body BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done')),
    done_at BIGINT
);
CREATE INDEX intake_pending ON intake (id) WHERE state = 'pending';
CREATE INDEX intake_received ON intake (received_at);

-- Parts of raw requests that could not be read.
CREATE TABLE quarantine (
    workspace_id BIGINT NOT NULL,
    intake_id BIGINT NOT NULL,
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (intake_id, path)
);

-- A person on the other side.
CREATE TABLE contact (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT,                     -- as the person calls themselves
    username TEXT,
    merged_into BIGINT,           -- the contact that this one turned out to be
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- How a contact is reached and recognised.
CREATE TABLE address (
    workspace_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,           -- canonical
    raw TEXT NOT NULL,             -- as first received
    contact_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, kind, scope, value)
);
CREATE INDEX address_contact ON address (workspace_id, contact_id);

-- The thread of one contact (or group) on one channel account.
CREATE TABLE conversation (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    contact_id BIGINT,            -- null for a group
    group_id TEXT,                 -- the provider's id of the group
    subject TEXT,                  -- of the group
    status TEXT NOT NULL CHECK (status IN ('open', 'pending', 'closed')),
    assignee_id BIGINT,           -- member
    created_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX conversation_contact ON conversation (workspace_id, contact_id, account_id);
CREATE UNIQUE INDEX conversation_group ON conversation (workspace_id, account_id, group_id) WHERE group_id IS NOT NULL;

-- What happened in a conversation.
CREATE TABLE item (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,           -- rises with arrival
    conversation_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('message', 'reaction', 'notice')),
    provider_id TEXT NOT NULL,     -- a repeat is recognised by (account, kind, provider id)
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    at BIGINT NOT NULL,           -- provider time
    position BIGINT NOT NULL,     -- in its payload
    author TEXT,                   -- name of the writer, if told
    content TEXT NOT NULL,         -- JSON: what it says now
    original TEXT,                 -- JSON: what it said first, once edited
    edited_at BIGINT,             -- provider time of the edit that stands
    revoked_at BIGINT,
    reply_to TEXT,
    is_history BIGINT NOT NULL,
    intake_id BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, account_id, kind, provider_id)
);
CREATE INDEX item_conversation ON item (workspace_id, conversation_id, at, position, id);
CREATE INDEX item_provider ON item (workspace_id, provider_id);

-- Changes to items by their own ids: repeats are recognised, and nothing said is lost.
CREATE TABLE item_change (
    workspace_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    provider_id TEXT NOT NULL,     -- of the change
    target TEXT NOT NULL,          -- provider id of the item
    kind TEXT NOT NULL CHECK (kind IN ('edit', 'revoke')),
    at BIGINT NOT NULL,
    content TEXT,                  -- JSON
    item_id BIGINT,               -- null while the target is not known: parked
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, account_id, provider_id)
);
CREATE INDEX item_change_parked ON item_change (workspace_id, account_id, target) WHERE item_id IS NULL;

-- How far an outgoing message has come, for each recipient. Kept although the message may not be known (yet).
CREATE TABLE delivery (
    workspace_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    target TEXT NOT NULL,
    participant TEXT NOT NULL,     -- '' outside groups
    state TEXT NOT NULL CHECK (state IN ('sent', 'failed', 'delivered', 'read', 'played')),
    at BIGINT NOT NULL,
    error TEXT,
    PRIMARY KEY (workspace_id, account_id, target, participant)
);

-- One grant to one CRM organisation.
CREATE TABLE connection (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    crm TEXT NOT NULL,
    environment TEXT NOT NULL,     -- 'production', 'sandbox' or a host
    login_url TEXT NOT NULL,
    instance_url TEXT NOT NULL,
    version TEXT NOT NULL,
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('connected', 'lost', 'other_org', 'disconnected')),
    detail TEXT NOT NULL,          -- why it is lost
    access_token BYTEA,             -- sealed
    refresh_token BYTEA,            -- sealed
    token_revision BIGINT NOT NULL,
    profile TEXT,                  -- JSON: the org as described
    profile_at BIGINT,
    usage_used BIGINT,
    usage_limit BIGINT,
    usage_at BIGINT,
    wait_until BIGINT,            -- the lane rests until then
    wait_reason TEXT,
    followed_until BIGINT,        -- how far the CRM's changes are read, by its clock
    follow_at BIGINT,             -- when they are to be read next
    created_by BIGINT NOT NULL,   -- member
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX connection_org ON connection (org_id);

-- A flow of connecting that a person has begun.
CREATE TABLE oauth_flow (
    state_digest TEXT PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    connection_id BIGINT,         -- when reconnecting
    crm TEXT NOT NULL,
    environment TEXT NOT NULL,
    login_url TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    verifier BYTEA NOT NULL,        -- sealed
    browser_digest TEXT NOT NULL,  -- of the cookie of the browser that began it
    created_at BIGINT NOT NULL,
    used_at BIGINT
);

-- A configured use of a connection.
CREATE TABLE integration (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('chat_sync')),
    state TEXT NOT NULL CHECK (state IN ('active', 'paused')),
    settings TEXT NOT NULL,        -- JSON
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- The person level: which record a contact belongs to under a connection (the link, with its reason), what we wrote
-- on it, and what still has to happen.
CREATE TABLE person (
    workspace_id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    module TEXT,                   -- of the link
    record_id TEXT,                -- of the link
    trace TEXT,                    -- JSON: how the last decision came about
    linked_at BIGINT,
    must_follow BIGINT NOT NULL,  -- the record was refused as moved or gone
    written TEXT NOT NULL,         -- JSON: what we wrote on the record
    state TEXT NOT NULL CHECK (state IN ('ready', 'held')),
    reason TEXT,                   -- of a hold
    who TEXT,
    detail TEXT,
    unknown_since BIGINT,         -- a creation whose answer was lost
    looks BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    suspects TEXT NOT NULL,        -- JSON: records that the CRM takes for duplicates
    allow_duplicate BIGINT NOT NULL,
    due_at BIGINT NOT NULL,       -- not before
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, contact_id)
);
CREATE INDEX person_held ON person (connection_id, reason) WHERE state = 'held';

-- The value that stood in a person's record before we changed it.
CREATE TABLE journal (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    module TEXT NOT NULL,
    record_id TEXT NOT NULL,
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- One CRM record (in numbered parts) that is to stay in step with a slice of a timeline.
CREATE TABLE entry (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    integration_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    contact_id BIGINT,            -- null for a group
    key TEXT NOT NULL,             -- fixed
    shape TEXT NOT NULL,
    at BIGINT NOT NULL,           -- of the first message: the order in the conversation is (at, position, id)
    position BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,    -- the slice
    ends_at BIGINT NOT NULL,      -- exclusive
    state TEXT NOT NULL CHECK (state IN ('due', 'written', 'held', 'skipped')),
    reason TEXT,                   -- of a hold or a skip
    who TEXT,
    detail TEXT,
    is_person_hold BIGINT NOT NULL, -- held because its person is
    wanted BIGINT NOT NULL,
    written BIGINT NOT NULL,
    is_sealed BIGINT NOT NULL,    -- a first attempt was made
    due_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    written_at BIGINT,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, integration_id, key)
);
CREATE INDEX entry_due ON entry (connection_id, due_at) WHERE state = 'due';
CREATE INDEX entry_conversation ON entry (conversation_id, integration_id, at);
CREATE INDEX entry_contact ON entry (workspace_id, connection_id, contact_id, state);

-- Which entry covers which item.
CREATE TABLE entry_item (
    workspace_id BIGINT NOT NULL,
    integration_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    parts TEXT NOT NULL,           -- JSON: the parts that hold its pieces, once attempted
    PRIMARY KEY (workspace_id, integration_id, item_id)
);
CREATE INDEX entry_item_entry ON entry_item (workspace_id, entry_id);

-- The numbered parts of an entry that were attempted.
CREATE TABLE entry_part (
    workspace_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    part BIGINT NOT NULL,
    record_id TEXT,
    written_hash TEXT,
    written_at BIGINT,
    unknown_since BIGINT,
    looks BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, entry_id, part)
);

-- Recorded tries: written before the request leaves, judged after.
CREATE TABLE attempt (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    entry_id BIGINT,
    part BIGINT,
    contact_id BIGINT,            -- of an attempt on a person
    revision BIGINT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('create', 'change')),
    key TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    verdict TEXT,
    detail TEXT,
    verdict_at BIGINT,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX attempt_open ON attempt (connection_id) WHERE verdict IS NULL;
CREATE INDEX attempt_entry ON attempt (workspace_id, entry_id);

-- Calls to a CRM by purpose and day (UTC).
CREATE TABLE call_count (
    workspace_id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    day BIGINT NOT NULL,          -- days since the epoch
    purpose TEXT NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, day, purpose)
);

-- A record made to try the connection; removed again.
CREATE TABLE test_record (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    marker TEXT NOT NULL,          -- by which it is found if its answer was lost
    module TEXT NOT NULL,
    record_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('making', 'made', 'removed')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- Work that one node does at a time: a lane, the intake.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
