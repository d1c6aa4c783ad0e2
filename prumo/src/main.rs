//! The program `prumo`; all of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    prumo::main()
}
