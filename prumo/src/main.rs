//! The program `prumo`, which is implemented in the library.

use std::process::ExitCode;

/// Contracts are trees of many small pieces, which the C library's allocator joins in twice the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    prumo::main()
}
