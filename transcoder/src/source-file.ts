/** The original inside its job folder; no name from a client ever reaches a file system or a command line. */
export const SOURCE_FILE_NAME = 'source';
