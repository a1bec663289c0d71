DROP INDEX `user_passkeys_credential`;--> statement-breakpoint
CREATE UNIQUE INDEX `user_passkeys_credential` ON `user_passkeys` (`credential_id`);--> statement-breakpoint
DROP INDEX `user_two_factors_user`;--> statement-breakpoint
ALTER TABLE `user_two_factors` ADD `last_used_step` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `user_two_factors_user` ON `user_two_factors` (`user_id`);--> statement-breakpoint
CREATE INDEX `verifications_user` ON `verifications` (`value`) WHERE value GLOB 'usr_*';