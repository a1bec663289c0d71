CREATE TABLE `tracks` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`state` text NOT NULL,
	`progress` real,
	`failure_code` text,
	`failure_detail` text,
	`file_name` text NOT NULL,
	`title` text NOT NULL,
	`artist` text,
	`album_artist` text,
	`album` text,
	`genre` text,
	`release_date` text,
	`track_number` integer,
	`disc_number` integer,
	`version` text,
	`preview_version` text,
	`duration_seconds` real,
	`source_codec` text,
	`source_sample_rate_hz` integer,
	`source_bits_per_sample` integer,
	`source_bitrate_kbps` real,
	`source_lossless` integer,
	`integrated_lufs` real,
	`loudness_range_lu` real,
	`true_peak_dbtp` real,
	`clipped_sample_count` integer,
	`artwork_placeholder` text,
	`artwork_colour_1` text,
	`artwork_colour_2` text,
	`created_at_ms` integer NOT NULL,
	`published_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `tracks_state` ON `tracks` (`state`,`id`);--> statement-breakpoint
CREATE INDEX `tracks_owner` ON `tracks` (`owner_id`,`id`);--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`transcode_id` text,
	`reason` text NOT NULL,
	`state` text NOT NULL,
	`received_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `dead_letters_state` ON `dead_letters` (`state`,`id`);--> statement-breakpoint
CREATE TABLE `transcode_attempts` (
	`version` text PRIMARY KEY NOT NULL,
	`transcode_id` text NOT NULL,
	`track_id` text NOT NULL,
	`state` text NOT NULL,
	`started_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `transcode_attempts_state_started` ON `transcode_attempts` (`state`,`started_at_ms`);--> statement-breakpoint
CREATE TABLE `transcodes` (
	`id` text PRIMARY KEY NOT NULL,
	`track_id` text NOT NULL,
	`original_key` text NOT NULL,
	`state` text NOT NULL,
	`attempt` integer DEFAULT 0 NOT NULL,
	`fault_count` integer DEFAULT 0 NOT NULL,
	`last_fault` text,
	`version` text,
	`due_at_ms` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`finished_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `transcodes_state_due` ON `transcodes` (`state`,`due_at_ms`);--> statement-breakpoint
CREATE TABLE `upload_parts` (
	`upload_id` text NOT NULL,
	`number` integer NOT NULL,
	`etag` text NOT NULL,
	PRIMARY KEY(`upload_id`, `number`)
);
--> statement-breakpoint
CREATE TABLE `uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`track_id` text NOT NULL,
	`owner_id` text NOT NULL,
	`file_name` text NOT NULL,
	`media_type` text,
	`size_bytes` integer NOT NULL,
	`sha256` text,
	`part_size_bytes` integer NOT NULL,
	`r2_upload_id` text NOT NULL,
	`state` text NOT NULL,
	`rejection_code` text,
	`rejection_detail` text,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `uploads_owner` ON `uploads` (`owner_id`,`id`);--> statement-breakpoint
CREATE INDEX `uploads_owner_sha256` ON `uploads` (`owner_id`,`sha256`,`id`);--> statement-breakpoint
CREATE INDEX `uploads_state_expiry` ON `uploads` (`state`,`expires_at_ms`);