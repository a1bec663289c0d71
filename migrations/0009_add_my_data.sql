CREATE TABLE `data_exports` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`state` text NOT NULL,
	`attempt` integer DEFAULT 0 NOT NULL,
	`fault_count` integer DEFAULT 0 NOT NULL,
	`last_fault` text,
	`archives` text DEFAULT '[]' NOT NULL,
	`cursor` text,
	`r2_upload_id` text,
	`due_at_ms` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`finished_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `data_exports_user` ON `data_exports` (`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `data_exports_state_due` ON `data_exports` (`state`,`due_at_ms`);--> statement-breakpoint
CREATE UNIQUE INDEX `data_exports_one_running` ON `data_exports` (`user_id`) WHERE state IN ('queued', 'running');--> statement-breakpoint
ALTER TABLE `users` ADD `deletes_at_ms` integer;--> statement-breakpoint
CREATE INDEX `users_leaving` ON `users` (`deletes_at_ms`) WHERE deletes_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `users_unconfirmed` ON `users` (`created_at_ms`) WHERE email_verified = 0;--> statement-breakpoint
ALTER TABLE `security_events` ADD `personal_hash` text;--> statement-breakpoint
ALTER TABLE `security_events` ADD `salt` text;--> statement-breakpoint
CREATE INDEX `security_events_actor` ON `security_events` (`actor_id`,`seq`);--> statement-breakpoint
CREATE INDEX `mail_messages_recipient` ON `mail_messages` (`recipient`) WHERE recipient IS NOT NULL;--> statement-breakpoint
CREATE INDEX `dead_letters_transcode` ON `dead_letters` (`transcode_id`);--> statement-breakpoint
CREATE INDEX `transcode_attempts_transcode` ON `transcode_attempts` (`transcode_id`);--> statement-breakpoint
DROP TRIGGER `security_events_never_change`;--> statement-breakpoint
-- The one change there is: a person is taken out of an event, and whatever the chain's hash covers stays.
CREATE TRIGGER `security_events_never_change` BEFORE UPDATE ON `security_events`
WHEN OLD.`personal_hash` IS NULL OR NEW.`salt` IS NOT NULL OR NEW.`network` IS NOT NULL OR NEW.`device` IS NOT NULL
	OR NEW.`seq` <> OLD.`seq` OR NEW.`at_ms` <> OLD.`at_ms` OR NEW.`event` <> OLD.`event`
	OR NEW.`previous_hash` <> OLD.`previous_hash` OR NEW.`hash` <> OLD.`hash`
	OR NEW.`personal_hash` IS NOT OLD.`personal_hash`
	OR (NEW.`actor_id` IS NOT NULL AND NEW.`actor_id` IS NOT OLD.`actor_id`)
	OR (NEW.`subject_id` IS NOT NULL AND NEW.`subject_id` IS NOT OLD.`subject_id`)
	OR (NEW.`details` <> '{}' AND NEW.`details` <> OLD.`details`)
BEGIN
	SELECT RAISE(ABORT, 'security events are never changed');
END;
