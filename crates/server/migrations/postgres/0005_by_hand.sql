-- People are linked by hand while a lane is at work on them.

-- How often anybody but the lane has changed what is known of a person.
ALTER TABLE person ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
