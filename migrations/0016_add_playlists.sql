CREATE TABLE `playlist_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`playlist_id` text NOT NULL,
	`track_id` text NOT NULL,
	`position` text NOT NULL,
	`duration_seconds` real NOT NULL,
	`added_by` text,
	`added_at_ms` integer NOT NULL,
	`removed_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `playlist_entries_order` ON `playlist_entries` (`playlist_id`,`position`,`id`) WHERE removed_at_ms IS NULL;--> statement-breakpoint
CREATE INDEX `playlist_entries_track` ON `playlist_entries` (`playlist_id`,`track_id`) WHERE removed_at_ms IS NULL;--> statement-breakpoint
CREATE INDEX `playlist_entries_removed` ON `playlist_entries` (`removed_at_ms`) WHERE removed_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `playlist_entries_added_by` ON `playlist_entries` (`added_by`);--> statement-breakpoint
CREATE TABLE `playlist_folders` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`title` text NOT NULL,
	`position` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `playlist_folders_user` ON `playlist_folders` (`user_id`,`position`,`id`);--> statement-breakpoint
CREATE TABLE `playlist_invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`playlist_id` text NOT NULL,
	`token_hash` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `playlist_invitations_token_hash_unique` ON `playlist_invitations` (`token_hash`);--> statement-breakpoint
CREATE INDEX `playlist_invitations_playlist` ON `playlist_invitations` (`playlist_id`,`id`);--> statement-breakpoint
CREATE INDEX `playlist_invitations_expiry` ON `playlist_invitations` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `playlist_members` (
	`playlist_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`folder_id` text,
	`position` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`playlist_id`, `user_id`)
);
--> statement-breakpoint
CREATE INDEX `playlist_members_user` ON `playlist_members` (`user_id`,`position`,`playlist_id`);--> statement-breakpoint
CREATE TABLE `playlists` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`title` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`visibility` text NOT NULL,
	`rules` text,
	`artwork` text,
	`covers` text DEFAULT '[]' NOT NULL,
	`entry_count` integer DEFAULT 0 NOT NULL,
	`duration_seconds` real DEFAULT 0 NOT NULL,
	`last_change` text DEFAULT '' NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	`deleted_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `playlists_owner` ON `playlists` (`owner_id`,`visibility`,`id`);--> statement-breakpoint
CREATE INDEX `playlists_deleted` ON `playlists` (`deleted_at_ms`) WHERE deleted_at_ms IS NOT NULL;