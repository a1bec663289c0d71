CREATE TABLE `mail_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`dedupe_hash` text NOT NULL,
	`template` text NOT NULL,
	`locale` text NOT NULL,
	`state` text NOT NULL,
	`recipient` text,
	`subject` text,
	`text_body` text,
	`html_body` text,
	`attempt` integer DEFAULT 0 NOT NULL,
	`fault_count` integer DEFAULT 0 NOT NULL,
	`last_fault` text,
	`provider_id` text,
	`due_at_ms` integer NOT NULL,
	`useless_at_ms` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`finished_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mail_messages_dedupe_hash_unique` ON `mail_messages` (`dedupe_hash`);--> statement-breakpoint
CREATE INDEX `mail_messages_state_due` ON `mail_messages` (`state`,`due_at_ms`);--> statement-breakpoint
CREATE INDEX `mail_messages_failed` ON `mail_messages` (`id`) WHERE state = 'failed';