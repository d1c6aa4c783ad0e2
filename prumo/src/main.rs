//! The program `prumo`, which is implemented in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    prumo::main()
}
