//! Turns the text that is left of a help page, without markup, into the blocks of a page.

use crate::block::Block;
use crate::markdown;
use crate::origin::Origin;

/// Reads a page.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    markdown::blocks(text, Origin::lines_from(1))
}
