//! Makes names, addresses, accesses to networks, and secrets.

use super::random::Random;

const GIVEN: [&str; 24] = [
    "Marta",
    "João",
    "Teodora",
    "Antônio",
    "Beatriz",
    "Caetano",
    "Débora",
    "Everaldo",
    "Fabiana",
    "Gilberto",
    "Helena",
    "Inácio",
    "Jussara",
    "Leandro",
    "Márcia",
    "Natália",
    "Osvaldo",
    "Patrícia",
    "Rogério",
    "Sebastião",
    "Tânia",
    "Ubirajara",
    "Valéria",
    "Conceição",
];
const FAMILY: [&str; 24] = [
    "Quiroga",
    "Vasconcellos",
    "Brum",
    "Tavares",
    "Gonçalves",
    "Araújo",
    "Conceição",
    "Peixoto",
    "Magalhães",
    "Siqueira",
    "Lacerda",
    "Queiroz",
    "Albuquerque",
    "Nóbrega",
    "Falcão",
    "Guimarães",
    "Pacheco",
    "Medeiros",
    "Simões",
    "Assunção",
    "Tavossi",
    "Drumond",
    "Zanetti",
    "Évora",
];

pub(crate) fn name(random: &mut Random) -> String {
    let middle = random.pick(&[" ", " da ", " de ", " dos ", " e "]);
    let more = random.pick(FAMILY.as_slice());
    let first = random.pick(&GIVEN);
    match random.below(3) {
        0 => format!("{first} {}", random.pick(&FAMILY)),
        _ => format!("{first} {more}{middle}{}", random.pick(&FAMILY)),
    }
}

pub(crate) fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'ã' | 'â' => 'a',
        'é' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'õ' | 'ô' => 'o',
        'ú' => 'u',
        'ç' => 'c',
        'É' => 'E',
        c => c,
    };
    text.chars().map(plain).collect()
}

pub(crate) fn email(random: &mut Random) -> String {
    let name = folded(random.pick(&GIVEN)).to_lowercase();
    let sign = random.pick(&[".", "_", "", "-"]);
    let domain =
        random.pick(&["gmail.com", "hotmail.com", "uol.com.br", "netrio.net.br", "terra.com.br"]);
    format!(
        "{name}{sign}{}{}@{domain}",
        folded(random.pick(&FAMILY)).to_lowercase(),
        random.below(99)
    )
}

pub(crate) fn phone(random: &mut Random) -> String {
    let area = random.pick(&["11", "21", "31", "47", "51", "62", "71", "84", "85", "92"]);
    format!("{area}9{}{}", random.of("6789", 1), random.digits(7))
}

pub(crate) fn address(random: &mut Random) -> String {
    let street = random.pick(&["Rua", "Avenida", "Travessa", "Alameda"]);
    format!(
        "{street} {} {}, {}",
        random.pick(&GIVEN),
        random.pick(&FAMILY),
        10 + random.below(3000)
    )
}

pub(crate) fn birth_date(random: &mut Random) -> String {
    let (year, month) = (1940 + random.below(65), 1 + random.below(12));
    format!("{year}-{month:02}-{:02}", 1 + random.below(28))
}

pub(crate) fn coordinates(random: &mut Random) -> String {
    format!(
        "-{}.{}, -{}.{}",
        10 + random.below(20),
        random.number(6),
        36 + random.below(20),
        random.number(6)
    )
}

pub(crate) fn ipv4(random: &mut Random) -> String {
    let first =
        random.pick(&["177", "179", "186", "187", "189", "191", "200", "201", "100.72", "10"]);
    let n_dots = first.matches('.').count();
    let rest: Vec<String> = (0..3 - n_dots).map(|_| (2 + random.below(250)).to_string()).collect();
    format!("{first}.{}", rest.join("."))
}

pub(crate) fn ipv6(random: &mut Random) -> String {
    let group =
        |random: &mut Random| random.of("123456789abcdef", 1) + &random.of("0123456789abcdef", 3);
    format!("2804:{}:{}::{}", group(random), group(random), group(random))
}

pub(crate) fn mac(random: &mut Random) -> String {
    let pairs: Vec<String> = (0..6).map(|_| random.of("0123456789ABCDEF", 2)).collect();
    pairs.join(":")
}

pub(crate) fn serial(random: &mut Random) -> String {
    let digits = random.of("0123456789", 3) + &random.of("0123456789ABCDEF", 5);
    random.pick(&["HWTC", "ZTEG", "ALCL", "FHTT", "ITBS", "PRKS"]).to_owned() + &digits
}

pub(crate) fn user(random: &mut Random) -> String {
    format!("{}{}@netrio", folded(random.pick(&GIVEN)).to_lowercase(), 10 + random.below(9000))
}

pub(crate) fn password(random: &mut Random) -> String {
    let word = random.pick(&["casa", "Familia", "gato", "Flamengo", "praia", "wifi"]);
    format!("{word}{}{}", random.pick(&["", "@", "#", "_"]), 1000 + random.below(9000))
}

const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(crate) fn jwt(random: &mut Random) -> String {
    format!("eyJ{}.eyJ{}.{}", random.of(BASE64, 20), random.of(BASE64, 40), random.of(BASE64, 43))
}

pub(crate) fn token(random: &mut Random) -> String {
    random.of("0123456789abcdef", 8) + &random.of("abcdef0123456789", 32)
}

pub(crate) fn aws_key(random: &mut Random) -> String {
    "AKIA".to_owned() + &random.of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
}
