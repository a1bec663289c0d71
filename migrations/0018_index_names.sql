CREATE INDEX `artists_named` ON `artists` (lower(name));--> statement-breakpoint
CREATE INDEX `tracks_titled` ON `tracks` (lower(title)) WHERE listed_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `tracks_by_name` ON `tracks` (lower(artist)) WHERE listed_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `tracks_isrc` ON `tracks` (`isrc`) WHERE listed_at_ms IS NOT NULL;