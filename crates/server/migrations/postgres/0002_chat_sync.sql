-- The tables of chat sync. Times are microseconds since the epoch (UTC), booleans 0 or 1.
-- Every table carries workspace_id: it is the distribution key.

-- A tenant.
CREATE TABLE workspace (
    id BIGINT PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    zone TEXT COLLATE "C" NOT NULL,            -- IANA name; decides days and the offset in texts
    region TEXT COLLATE "C",                   -- ISO 3166; how numbers without a country are read
    created_at BIGINT NOT NULL
);

-- A person who works in a workspace.
CREATE TABLE member (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,           -- lower case; CRM users are matched by it
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'agent')),
    is_active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, email)
);

-- A bearer token of the JSON API; only its digest is kept.
CREATE TABLE api_token (
    digest TEXT COLLATE "C" PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- An endpoint to which a provider posts: one app, many accounts.
CREATE TABLE source (
    key TEXT COLLATE "C" PRIMARY KEY,          -- stands in the URL
    workspace_id BIGINT NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    secrets BYTEA NOT NULL,         -- sealed
    created_at BIGINT NOT NULL
);

-- A connected number, page or mailbox.
CREATE TABLE account (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,     -- the provider's id (WhatsApp: phone_number_id)
    source_key TEXT COLLATE "C" NOT NULL,
    display TEXT COLLATE "C" NOT NULL,         -- what people call it; a number or a name
    owner_id BIGINT,              -- member
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, channel, external_id)
);

-- Raw requests: durable before the acknowledgement, kept for a configured number of days.
CREATE TABLE intake (
    id BIGINT PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    source_key TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    headers TEXT COLLATE "C" NOT NULL,         -- JSON: those worth keeping
    body BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'done')),
    done_at BIGINT
);
CREATE INDEX intake_pending ON intake (id) WHERE state = 'pending';
CREATE INDEX intake_received ON intake (received_at);

-- Parts of raw requests that could not be read.
CREATE TABLE quarantine (
    workspace_id BIGINT NOT NULL,
    intake_id BIGINT NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    raw TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (intake_id, path)
);

-- A person on the other side.
CREATE TABLE contact (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT COLLATE "C",                     -- as the person calls themselves
    username TEXT COLLATE "C",
    named_at BIGINT NOT NULL DEFAULT 0, -- by the provider's time; an older event renames nobody
    merged_into BIGINT,           -- the contact that this one turned out to be
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- How a contact is reached and recognised.
CREATE TABLE address (
    workspace_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,           -- canonical
    raw TEXT COLLATE "C" NOT NULL,             -- as first received
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
    group_id TEXT COLLATE "C",                 -- the provider's id of the group
    subject TEXT COLLATE "C",                  -- of the group
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('open', 'pending', 'closed')),
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
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('message', 'reaction', 'notice')),
    provider_id TEXT COLLATE "C" NOT NULL,     -- a repeat is recognised by (account, kind, provider id)
    direction TEXT COLLATE "C" NOT NULL CHECK (direction IN ('in', 'out')),
    at BIGINT NOT NULL,           -- provider time
    position BIGINT NOT NULL,     -- in its payload
    author TEXT COLLATE "C",                   -- name of the writer, if told
    content TEXT COLLATE "C" NOT NULL,         -- JSON: what it says now
    original TEXT COLLATE "C",                 -- JSON: what it said first, once edited
    edited_at BIGINT,             -- provider time of the edit that stands
    revoked_at BIGINT,
    reply_to TEXT COLLATE "C",
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
    provider_id TEXT COLLATE "C" NOT NULL,     -- of the change
    target TEXT COLLATE "C" NOT NULL,          -- provider id of the item
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('edit', 'revoke')),
    at BIGINT NOT NULL,
    content TEXT COLLATE "C",                  -- JSON
    item_id BIGINT,               -- null while the target is not known: parked
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, account_id, provider_id)
);
CREATE INDEX item_change_parked ON item_change (workspace_id, account_id, target) WHERE item_id IS NULL;

-- How far an outgoing message has come, for each recipient. Kept although the message may not be known (yet).
CREATE TABLE delivery (
    workspace_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    participant TEXT COLLATE "C" NOT NULL,     -- '' outside groups
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('sent', 'failed', 'delivered', 'read', 'played')),
    at BIGINT NOT NULL,
    error TEXT COLLATE "C",
    PRIMARY KEY (workspace_id, account_id, target, participant)
);

-- One grant to one CRM organisation.
CREATE TABLE connection (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    crm TEXT COLLATE "C" NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,     -- 'production', 'sandbox' or a host
    login_url TEXT COLLATE "C" NOT NULL,
    instance_url TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    org_id TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('connected', 'lost', 'other_org', 'disconnected')),
    detail TEXT COLLATE "C" NOT NULL,          -- why it is lost
    access_token BYTEA,             -- sealed
    refresh_token BYTEA,            -- sealed
    token_revision BIGINT NOT NULL,
    profile TEXT COLLATE "C",                  -- JSON: the org as described
    profile_at BIGINT,
    usage_used BIGINT,
    usage_limit BIGINT,
    usage_at BIGINT,
    wait_until BIGINT,            -- the lane rests until then
    wait_reason TEXT COLLATE "C",
    followed_until BIGINT,        -- how far the CRM's changes are read, by its clock
    follow_at BIGINT,             -- when they are to be read next
    created_by BIGINT NOT NULL,   -- member
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX connection_org ON connection (org_id);

-- A flow of connecting that a person has begun.
CREATE TABLE oauth_flow (
    state_digest TEXT COLLATE "C" PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    connection_id BIGINT,         -- when reconnecting
    crm TEXT COLLATE "C" NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    login_url TEXT COLLATE "C" NOT NULL,
    redirect_uri TEXT COLLATE "C" NOT NULL,
    verifier BYTEA NOT NULL,        -- sealed
    browser_digest TEXT COLLATE "C" NOT NULL,  -- of the cookie of the browser that began it
    created_at BIGINT NOT NULL,
    used_at BIGINT
);

-- A configured use of a connection.
CREATE TABLE integration (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('chat_sync')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'paused')),
    settings TEXT COLLATE "C" NOT NULL,        -- JSON
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
    module TEXT COLLATE "C",                   -- of the link
    record_id TEXT COLLATE "C",                -- of the link
    trace TEXT COLLATE "C",                    -- JSON: how the last decision came about
    linked_at BIGINT,
    must_follow BIGINT NOT NULL,  -- the record was refused as moved or gone
    written TEXT COLLATE "C" NOT NULL,         -- JSON: what we wrote on the record
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('ready', 'held')),
    reason TEXT COLLATE "C",                   -- of a hold
    who TEXT COLLATE "C",
    detail TEXT COLLATE "C",
    unknown_since BIGINT,         -- a creation whose answer was lost
    looks BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    suspects TEXT COLLATE "C" NOT NULL,        -- JSON: records that the CRM takes for duplicates
    allow_duplicate BIGINT NOT NULL,
    due_at BIGINT NOT NULL,       -- not before
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, connection_id)
);
CREATE INDEX person_connection ON person (connection_id, contact_id);
CREATE INDEX person_held ON person (connection_id, reason) WHERE state = 'held';

-- The value that stood in a person's record before we changed it.
CREATE TABLE journal (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    module TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    before TEXT COLLATE "C",
    after TEXT COLLATE "C",
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX journal_contact ON journal (workspace_id, contact_id);

-- One CRM record (in numbered parts) that is to stay in step with a slice of a timeline.
CREATE TABLE entry (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    integration_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    contact_id BIGINT,            -- null for a group
    key TEXT COLLATE "C" NOT NULL,             -- fixed
    shape TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,           -- of the first message: the order in the conversation is (at, position, id)
    position BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,    -- the slice
    ends_at BIGINT NOT NULL,      -- exclusive
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('due', 'written', 'held', 'skipped')),
    reason TEXT COLLATE "C",                   -- of a hold or a skip
    who TEXT COLLATE "C",
    detail TEXT COLLATE "C",
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
-- Who waits for a first writing and keeps later entries of the conversation back: as a rule nobody.
CREATE INDEX entry_waiting ON entry (connection_id, integration_id, conversation_id, at, due_at)
    WHERE state = 'due' AND written = 0;
CREATE INDEX entry_slice ON entry (workspace_id, integration_id, conversation_id, ends_at);
CREATE INDEX entry_contact ON entry (contact_id, connection_id, state);

-- Which entry covers which item.
CREATE TABLE entry_item (
    workspace_id BIGINT NOT NULL,
    integration_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    parts TEXT COLLATE "C" NOT NULL,           -- JSON: the parts that hold its pieces, once attempted
    PRIMARY KEY (workspace_id, item_id, integration_id)
);
CREATE INDEX entry_item_entry ON entry_item (workspace_id, entry_id);

-- The numbered parts of an entry that were attempted.
CREATE TABLE entry_part (
    workspace_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    part BIGINT NOT NULL,
    record_id TEXT COLLATE "C",
    written_hash TEXT COLLATE "C",
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
    action TEXT COLLATE "C" NOT NULL CHECK (action IN ('create', 'change')),
    key TEXT COLLATE "C" NOT NULL,
    sent_at BIGINT NOT NULL,
    verdict TEXT COLLATE "C",
    detail TEXT COLLATE "C",
    verdict_at BIGINT,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX attempt_open ON attempt (connection_id) WHERE verdict IS NULL;
CREATE INDEX attempt_entry ON attempt (workspace_id, entry_id, id);
CREATE INDEX attempt_contact ON attempt (workspace_id, contact_id) WHERE contact_id IS NOT NULL;

-- Calls to a CRM by purpose and day (UTC).
CREATE TABLE call_count (
    workspace_id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    day BIGINT NOT NULL,          -- days since the epoch
    purpose TEXT COLLATE "C" NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, day, purpose)
);

-- A record made to try the connection; removed again.
CREATE TABLE test_record (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    marker TEXT COLLATE "C" NOT NULL,          -- by which it is found if its answer was lost
    module TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('making', 'made', 'removed')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- Work that one node does at a time: a lane, the intake.
CREATE TABLE lease (
    name TEXT COLLATE "C" PRIMARY KEY,
    holder TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL
);
