//! Measures the steps of the judge one by one, each over the same hundred exchanges.

use std::hint::black_box;
use std::path::Path;

use criterion::Criterion;
use prumo_bench::rivals::lines;
use prumo_bench::traffic::{self, Traffic};
use prumo_drift::exchange::{DEFAULT_MAX_EXCHANGE_BYTES, split};
use prumo_drift::{Contract, Document, Observation, Origin, compare, read_exchange, read_openapi};

const SPEC: &str = "generated/tomticket-v1/openapi.json";
const ORIGIN: Origin<'_> = Origin { file: "traffic.ndjson", line: 1 };

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    parts(&mut criterion);
    criterion.final_summary();
}

fn promised() -> Contract {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(SPEC);
    let text = fs_err::read_to_string(path).expect("the spec");
    read_openapi(&Document::parse(SPEC, &text).expect("YAML")).expect("OpenAPI")
}

fn observed(promised: &Contract, traffic: &[u8]) -> Contract {
    let mut observation = Observation::new(&[promised]);
    for line in lines(traffic) {
        observation.observe(&read_exchange(line).expect("an exchange"), &ORIGIN);
    }
    observation.finish().swap_remove(0)
}

fn parts(criterion: &mut Criterion) {
    let promised = promised();
    let Traffic { bytes, .. } = traffic::make(&promised, "ler_chamado", 100, 1).expect("traffic");
    criterion.bench_function("split", |bencher| {
        bencher.iter(|| split(black_box(&bytes[..]), DEFAULT_MAX_EXCHANGE_BYTES).count());
    });
    criterion.bench_function("read exchange", |bencher| {
        bencher
            .iter(|| lines(black_box(&bytes)).filter(|line| read_exchange(line).is_ok()).count());
    });
    let exchanges: Vec<_> =
        lines(&bytes).map(|line| read_exchange(line).expect("an exchange")).collect();
    let mut observation = Observation::new(&[&promised]);
    criterion.bench_function("observe", |bencher| {
        bencher.iter(|| {
            exchanges.iter().for_each(|exchange| observation.observe(black_box(exchange), &ORIGIN))
        });
    });
    let seen = observed(&promised, &bytes);
    criterion
        .bench_function("compare", |bencher| bencher.iter(|| compare(&promised, black_box(&seen))));
    criterion.bench_function("join", |bencher| bencher.iter(|| seen.join(black_box(&seen))));
}
