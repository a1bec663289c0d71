CREATE TABLE `track_deletions` (
	`track_id` text PRIMARY KEY NOT NULL,
	`requested_at_ms` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `track_versions` ADD `drops_at_ms` integer;--> statement-breakpoint
CREATE INDEX `track_versions_drops` ON `track_versions` (`drops_at_ms`) WHERE drops_at_ms IS NOT NULL;--> statement-breakpoint
ALTER TABLE `tracks` ADD `original_upload_id` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `next_upload_id` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `replacement_state` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `replacement_progress` real;--> statement-breakpoint
ALTER TABLE `tracks` ADD `replacement_failure_code` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `replacement_failure_detail` text;--> statement-breakpoint
CREATE INDEX `releases_made` ON `releases` (`artist_id`,`id`);--> statement-breakpoint
CREATE INDEX `uploads_track` ON `uploads` (`track_id`,`id`);--> statement-breakpoint
UPDATE `tracks` SET `original_upload_id` = (SELECT max(u.`id`) FROM `uploads` u WHERE u.`track_id` = `tracks`.`id` AND u.`state` = 'completed') WHERE `version` IS NOT NULL;
