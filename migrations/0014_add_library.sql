CREATE TABLE `follows` (
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`target_id` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`user_id`, `target_id`)
);
--> statement-breakpoint
CREATE INDEX `follows_newest` ON `follows` (`user_id`,`kind`,`created_at_ms`,`target_id`);--> statement-breakpoint
CREATE INDEX `follows_target` ON `follows` (`target_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `library_counts` (
	`target_id` text PRIMARY KEY NOT NULL,
	`like_count` integer DEFAULT 0 NOT NULL,
	`follower_count` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `likes` (
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`target_id` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`user_id`, `target_id`)
);
--> statement-breakpoint
CREATE INDEX `likes_newest` ON `likes` (`user_id`,`kind`,`created_at_ms`,`target_id`);--> statement-breakpoint
CREATE INDEX `likes_target` ON `likes` (`target_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `ratings` (
	`user_id` text NOT NULL,
	`track_id` text NOT NULL,
	`stars` integer NOT NULL,
	`rated_at_ms` integer NOT NULL,
	PRIMARY KEY(`user_id`, `track_id`)
);
--> statement-breakpoint
CREATE INDEX `ratings_newest` ON `ratings` (`user_id`,`rated_at_ms`,`track_id`);--> statement-breakpoint
CREATE INDEX `ratings_stars` ON `ratings` (`user_id`,`stars`,`track_id`);--> statement-breakpoint
CREATE INDEX `ratings_track` ON `ratings` (`track_id`,`user_id`);