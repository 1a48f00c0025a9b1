-- What is due, in the order in which it is written: a batch reads as much of it as it takes, however much waits behind.
-- Whether an entry is due by now stands in it too, so that those that are not are passed over without being looked up.
CREATE INDEX entry_order ON entry (connection_id, integration_id, is_backfill, at, position, id, due_at)
    WHERE state = 'due' AND contact_id IS NOT NULL;
-- The first old message of a conversation that waits, which keeps newer ones of the conversation back.
DROP INDEX entry_backfill;
CREATE INDEX entry_backfill ON entry (connection_id, integration_id, conversation_id, at, written, due_at)
    WHERE state = 'due' AND is_backfill = 1;
-- Who waits for a first writing, by conversation: what keeps later ones back, and what came before those in hand.
DROP INDEX entry_waiting;
CREATE INDEX entry_waiting ON entry (connection_id, integration_id, conversation_id, at, position, id, due_at)
    WHERE state = 'due' AND written = 0;
