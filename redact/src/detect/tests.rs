//! Each form is found, and what only looks like it is not.

use super::{Sensitive, found};

/// Returns the first value that is found, and its kind.
fn first(text: &str) -> Option<(&str, Sensitive)> {
    found(text).into_iter().next().map(|(at, kind)| (&text[at], kind))
}

#[test]
fn a_value_is_found_by_its_form() {
    let rows = [
        ("cpf 529.982.247-25.", "529.982.247-25", Sensitive::Cpf),
        ("x52998224725", "52998224725", Sensitive::Cpf),
        ("id_52998224725", "52998224725", Sensitive::Cpf),
        ("529982247-25", "529982247-25", Sensitive::Cpf),
        ("12.ABC.345/01DE-35", "12.ABC.345/01DE-35", Sensitive::Cnpj),
        ("12ABC34501DE35", "12ABC34501DE35", Sensitive::Cnpj),
        ("11222333000181", "11222333000181", Sensitive::Cnpj),
        ("MG-12.345.678-9", "MG-12.345.678-9", Sensitive::Document),
        ("170.33259.50-4", "170.33259.50-4", Sensitive::Document),
        ("0002080-25.2012.5.15.0049", "0002080-25.2012.5.15.0049", Sensitive::Document),
        ("898 0000 0004 3208", "898 0000 0004 3208", Sensitive::Document),
        ("102385010671", "102385010671", Sensitive::Document),
        ("carro QXR4K71 na garagem", "QXR4K71", Sensitive::Document),
        ("KLM-7342", "KLM-7342", Sensitive::Document),
        ("pelo 51 99876-1234", "51 99876-1234", Sensitive::Phone),
        ("(51) 3321-4455", "(51) 3321-4455", Sensitive::Phone),
        ("+55 51 9 9876 1234", "+55 51 9 9876 1234", Sensitive::Phone),
        ("ligar 51998761234", "51998761234", Sensitive::Phone),
        ("99876-1234", "99876-1234", Sensitive::Phone),
        ("a.b@c.com.br,", "a.b@c.com.br", Sensitive::Email),
        ("59012-345", "59012-345", Sensitive::Address),
        ("Rua das Acácias, 1450", "Rua das Acácias, 1450", Sensitive::Address),
        ("-29.91234, -51.12345", "-29.91234, -51.12345", Sensitive::Address),
        ("IP 203.0.113.57 caiu", "203.0.113.57", Sensitive::Network),
        ("2001:db8:4f1a::c0de", "2001:db8:4f1a::c0de", Sensitive::Network),
        ("A4:2B:B0:C1:D2:E3", "A4:2B:B0:C1:D2:E3", Sensitive::Network),
        ("a42b.b0c1.d2e5", "a42b.b0c1.d2e5", Sensitive::Network),
        ("A42BB0C1D2E4", "A42BB0C1D2E4", Sensitive::Network),
        ("HWTC1A2B3C4D", "HWTC1A2B3C4D", Sensitive::Network),
        ("4111 1111 1111 1111", "4111 1111 1111 1111", Sensitive::Payment),
        ("378282246310005", "378282246310005", Sensitive::Payment),
        (
            "00190.00009 99887.766550 44332.211000 1 10980000011990",
            "00190.00009 99887.766550 44332.211000 1 10980000011990",
            Sensitive::Payment,
        ),
        ("Bearer abcdefgh1234", "abcdefgh1234", Sensitive::Secret),
        ("https://x/y?a=1&X-Amz-Signature=0a1b2c3d4e", "0a1b2c3d4e", Sensitive::Secret),
        ("ftp://ana:s3nh4@host", "ana:s3nh4", Sensitive::Secret),
        ("PHPSESSID=abc123def; Path=/", "abc123def", Sensitive::Secret),
        (
            "PrivateKey = dGVzdGV0ZXN0ZXRlc3RldGVzdGV0ZXN0ZXRlc3Q4OD0=",
            "dGVzdGV0ZXN0ZXRlc3RldGVzdGV0ZXN0ZXRlc3Q4OD0=",
            Sensitive::Secret,
        ),
        (
            "SK0123456789abcdef0123456789abcdef",
            "SK0123456789abcdef0123456789abcdef",
            Sensitive::Secret,
        ),
        ("fica em 58CRQ6Q4+2V", "58CRQ6Q4+2V", Sensitive::Address),
        ("Dra. de OAB/RN nº 12.345", "12.345", Sensitive::Document),
        ("https://wa.me/5551998761234", "5551998761234", Sensitive::Phone),
    ];
    for (text, value, kind) in rows {
        assert_eq!(first(text), Some((value, kind)), "{text}");
    }
}

#[test]
fn what_only_looks_like_it_is_left_alone() {
    let rows = [
        "529982247",
        "52998224726",
        "12345678900",
        "20181116105821",
        "20181116001",
        "2018-11-16 10:58:21",
        "16/11/2018 10:58:21",
        "R$ 1.234.567,89",
        "127.0.0.1",
        "255.255.255.0",
        "1.2.3",
        "10:58:21",
        "c2a50507-9e39-4a37-acbc-2e2859578537",
        "4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f",
        "2018-2019",
        "4111111111111112",
        "UTF-8",
        "plano 300M",
        "0.12345678901",
        "Chrome/108.0.0.0",
        "rua sem nome",
        "Basic authentication",
        "200-299",
        "token={token}",
        "MAR-2024",
    ];
    for text in rows {
        assert_eq!(first(text), None, "{text}");
    }
}
