//! Reads and writes contract files.
//!
//! Invariants:
//!
//! * A file is written completely or not at all, and may be compressed with gzip.

use std::io::{BufRead, Read, Write as _};
use std::path::Path;

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use prumo_drift::contract::LedgerError;
use prumo_drift::{ContractFile, ContractFileError};

use crate::packed::unpacked;
use crate::{screen, write};

/// The path that stands for standard input or output.
pub(crate) const PIPE: &str = "-";

/// Reads a contract file that may be compressed; `name` is its name in errors.
///
/// # Errors
///
/// It can't be read, or is not a contract file.
pub(crate) fn read_packed(
    name: &str,
    source: impl BufRead + 'static,
) -> anyhow::Result<ContractFile> {
    match unpacked(source).with_context(|| format!("failed to read `{name}`"))? {
        Ok(reader) => read(name, reader),
        Err(refused) => bail!("`{name}` is {refused}"),
    }
}

/// Reads a contract file; `name` is its name in errors.
///
/// # Errors
///
/// It can't be read, or is not a contract file.
pub(crate) fn read(name: &str, reader: impl Read) -> anyhow::Result<ContractFile> {
    let mut bytes = Vec::new();
    // Reads one byte more than allowed, to detect a file that is too large.
    let read = reader.take(ContractFile::MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
    read.with_context(|| format!("failed to read `{name}`"))?;
    ContractFile::read(name, &bytes).map_err(hinted)
}

/// Writes the text of a contract file, or prints it if the path is `-`.
///
/// # Errors
///
/// It can't be written.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if path == Path::new(PIPE) {
        return screen::print_document(text.as_bytes());
    }
    if path.is_dir() {
        bail!("`{}` is a folder; name the file that is to be written", path.display());
    }
    match path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz")) {
        true => write::at_once(path, &compressed(text.as_bytes())?),
        false => write::at_once(path, text.as_bytes()),
    }
}

/// Compresses bytes; the same bytes give the same file.
fn compressed(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Returns an error with its hint on a second line.
pub(crate) fn hinted(error: ContractFileError) -> anyhow::Error {
    screen::hinted(&error, Some(error.hint()))
}

/// Returns an error about files that do not go together, with its hint on a second line.
pub(crate) fn mismatched(error: &LedgerError) -> anyhow::Error {
    screen::hinted(error, Some(error.hint()))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use prumo_drift::contract::Shard;

    use super::*;
    use crate::packed;

    fn file(shard: &str) -> ContractFile {
        let (name, digest) = (format!("{shard}.ndjson"), shard.to_owned());
        ContractFile::default().with_shards([Shard { name, bytes: 1, exchanges: 0, digest }])
    }

    #[test]
    fn a_compressed_file_is_read_and_never_larger_than_allowed() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.contract.json.gz");
        write(&path, &file("a").to_json("a").unwrap()).unwrap();
        let bytes = fs_err::read(&path).unwrap();
        assert!(packed::is_gzip(&bytes));
        let read = |name, bytes: &[u8]| read_packed(name, Cursor::new(bytes.to_vec()));
        assert_eq!(read("a", &bytes).unwrap(), file("a"));

        let bomb = compressed(&vec![b' '; ContractFile::MAX_BYTES + 1]).unwrap();
        let said = read("bomb", &bomb).unwrap_err().to_string();
        assert!(said.starts_with("`bomb`: larger than "), "{said}");
        let cut = read("cut", &bytes[..bytes.len() / 2]).unwrap_err().to_string();
        assert_eq!(cut, "failed to read `cut`");
    }
}
