CREATE TABLE `security_events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`event` text NOT NULL,
	`actor_id` text,
	`subject_id` text,
	`network` text,
	`device` text,
	`details` text NOT NULL,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `security_events_subject` ON `security_events` (`subject_id`,`seq`);
--> statement-breakpoint
CREATE TRIGGER `security_events_never_change` BEFORE UPDATE ON `security_events`
BEGIN
	SELECT RAISE(ABORT, 'security events are never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `security_events_never_go` BEFORE DELETE ON `security_events`
BEGIN
	SELECT RAISE(ABORT, 'security events are never deleted');
END;
--> statement-breakpoint
-- Of two that would follow the same event the second is left out, and its writer tries again. Also keeps
-- INSERT OR REPLACE out, whose deletions fire no trigger.
CREATE TRIGGER `security_events_follow` BEFORE INSERT ON `security_events`
WHEN NEW.`seq` <> (SELECT coalesce(max(`seq`), 0) + 1 FROM `security_events`)
BEGIN
	SELECT RAISE(IGNORE);
END;
