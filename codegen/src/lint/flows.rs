//! Complains of a flow of OAuth 2 that a client can't carry out, with the way around.

use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::{OpenApi, SecurityScheme};

use crate::names::parameter;

/// The flows that a client carries out.
const SUPPORTED: [&str; 2] = ["clientCredentials", "authorizationCode"];

/// Lints the flows of the security schemes that some operation asks for.
pub(super) fn lint(api: OpenApi<'_>, complaints: &mut Complaints<'_>) {
    let mut asked: Vec<&str> =
        api.operations().flat_map(|operation| operation.security()).flatten().collect();
    asked.sort_unstable();
    for scheme in api.security_schemes().filter(|one| asked.binary_search(&one.name()).is_ok()) {
        of_scheme(&scheme, complaints);
    }
}

fn of_scheme(scheme: &SecurityScheme<'_>, complaints: &mut Complaints<'_>) {
    let has_login = scheme.login().is_some();
    for flow in scheme.flow_names().filter(|flow| !SUPPORTED.contains(flow)) {
        if flow == "password" && has_login {
            continue;
        }
        let at = below(&below(scheme.node().at(), "flows"), flow);
        let message = format!("a client can't carry out the flow `{flow}` of `{}`", scheme.name());
        let method = parameter(scheme.name());
        let or_login =
            if flow == "password" { ", or describe the login with `x-login`" } else { "" };
        let hint =
            format!("set a token of your own with `.{method}(…)` on the client builder{or_login}");
        complaints.warning(&at, message, &hint);
    }
}
