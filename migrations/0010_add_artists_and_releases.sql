CREATE TABLE `artist_members` (
	`artist_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`artist_id`, `user_id`),
	FOREIGN KEY (`artist_id`) REFERENCES `artists`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `artist_members_user` ON `artist_members` (`user_id`,`artist_id`);--> statement-breakpoint
CREATE TABLE `artists` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`bio` text DEFAULT '' NOT NULL,
	`location` text DEFAULT '' NOT NULL,
	`links` text DEFAULT '[]' NOT NULL,
	`avatar` text,
	`banner` text,
	`verified_at_ms` integer,
	`listed_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `artists_slug_unique` ON `artists` (`slug`);--> statement-breakpoint
CREATE INDEX `artists_listed` ON `artists` (`listed_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `credits` (
	`id` text PRIMARY KEY NOT NULL,
	`release_id` text NOT NULL,
	`track_id` text,
	`artist_id` text,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`position` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `credits_release` ON `credits` (`release_id`,`position`);--> statement-breakpoint
CREATE INDEX `credits_track` ON `credits` (`track_id`,`position`);--> statement-breakpoint
CREATE INDEX `credits_artist` ON `credits` (`artist_id`,`release_id`);--> statement-breakpoint
CREATE TABLE `labels` (
	`kind` text NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`release_count` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`kind`, `slug`)
);
--> statement-breakpoint
CREATE INDEX `labels_popular` ON `labels` (`kind`,`release_count`,`slug`);--> statement-breakpoint
CREATE TABLE `release_labels` (
	`release_id` text NOT NULL,
	`kind` text NOT NULL,
	`slug` text NOT NULL,
	`position` integer NOT NULL,
	`listed_at_ms` integer,
	PRIMARY KEY(`release_id`, `kind`, `slug`)
);
--> statement-breakpoint
CREATE INDEX `release_labels_listed` ON `release_labels` (`kind`,`slug`,`listed_at_ms`,`release_id`) WHERE listed_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `releases` (
	`id` text PRIMARY KEY NOT NULL,
	`artist_id` text NOT NULL,
	`slug` text NOT NULL,
	`title` text NOT NULL,
	`kind` text NOT NULL,
	`state` text DEFAULT 'draft' NOT NULL,
	`artwork` text,
	`release_date` text,
	`publish_at_ms` integer,
	`time_zone` text,
	`label` text,
	`upc` text,
	`licence` text DEFAULT 'all-rights-reserved' NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`typed_fields` text DEFAULT '[]' NOT NULL,
	`track_count` integer DEFAULT 0 NOT NULL,
	`duration_seconds` real DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	`listed_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `releases_slug` ON `releases` (`artist_id`,`slug`);--> statement-breakpoint
CREATE INDEX `releases_artist` ON `releases` (`artist_id`,`listed_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `releases_listed` ON `releases` (`listed_at_ms`,`id`) WHERE listed_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `releases_due` ON `releases` (`publish_at_ms`) WHERE state = 'scheduled';--> statement-breakpoint
CREATE TABLE `track_lyrics` (
	`track_id` text PRIMARY KEY NOT NULL,
	`plain` text,
	`lrc` text,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `track_versions` (
	`version` text PRIMARY KEY NOT NULL,
	`track_id` text NOT NULL,
	`file_name` text NOT NULL,
	`facts` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `track_versions_track` ON `track_versions` (`track_id`,`version`);--> statement-breakpoint
ALTER TABLE `tracks` ADD `release_id` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `artist_id` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `version_title` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `isrc` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `explicit` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `tracks` ADD `licence` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `downloadable` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `tracks` ADD `typed_fields` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `tracks` ADD `listed_at_ms` integer;--> statement-breakpoint
ALTER TABLE `tracks` ADD `play_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `tracks_release` ON `tracks` (`release_id`,`disc_number`,`track_number`,`id`);--> statement-breakpoint
CREATE INDEX `tracks_listed` ON `tracks` (`listed_at_ms`,`id`) WHERE listed_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `tracks_popular` ON `tracks` (`artist_id`,`play_count`,`id`) WHERE listed_at_ms IS NOT NULL;--> statement-breakpoint
UPDATE `tracks` SET `listed_at_ms` = `published_at_ms` WHERE `version` IS NOT NULL;
