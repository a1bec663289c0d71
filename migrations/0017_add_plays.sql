CREATE TABLE `history_settings` (
	`user_id` text PRIMARY KEY NOT NULL,
	`is_paused` integer NOT NULL,
	`changed_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `plays` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text,
	`track_id` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`listened_seconds` real NOT NULL,
	`is_counted` integer NOT NULL,
	`mark` text,
	`source_kind` text NOT NULL,
	`source_id` text,
	`quality` text,
	`search_text` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `plays_history` ON `plays` (`user_id`,`started_at_ms`,`id`) WHERE user_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `plays_listener` ON `plays` (`user_id`,`track_id`,`started_at_ms`) WHERE user_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `plays_track` ON `plays` (`track_id`,`started_at_ms`);--> statement-breakpoint
CREATE TABLE `recent_sources` (
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`source_id` text NOT NULL,
	`played_at_ms` integer NOT NULL,
	`play_id` text NOT NULL,
	PRIMARY KEY(`user_id`, `source_id`)
);
--> statement-breakpoint
CREATE INDEX `recent_sources_newest` ON `recent_sources` (`user_id`,`played_at_ms`,`source_id`);--> statement-breakpoint
CREATE INDEX `recent_sources_source` ON `recent_sources` (`source_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `resume_points` (
	`user_id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`track_id` text,
	`position_seconds` real DEFAULT 0 NOT NULL,
	`source_kind` text,
	`source_id` text,
	`queue` text DEFAULT '[]' NOT NULL,
	`updated_at_ms` integer NOT NULL
);
