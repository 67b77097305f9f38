/** Hashes of files by what changes when a file does. */
export const fingerprints = `
CREATE TABLE fingerprints (
  device TEXT NOT NULL,
  inode TEXT NOT NULL,
  size TEXT NOT NULL,
  mtime_ns TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (device, inode)
) STRICT;
`;
