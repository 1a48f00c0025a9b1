-- As what kind of record an entry is written: 'task', 'note'. Fixed when the entry is made, as its slice is.
ALTER TABLE entry ADD COLUMN kind TEXT NOT NULL DEFAULT 'task';
