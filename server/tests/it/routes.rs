//! The registry itself.

use domain::Action;
use server::http::registry::{Access, RouteKind};
use server::http::routes;

#[test]
fn only_files_signs_of_life_and_ways_in_are_open() {
    let list = routes::collect().unwrap().list();
    for route in &list {
        let way_in = [
            "/sign-in",
            "/setup/{token}",
            "/api/sign-in/local",
            "/sign-in/demo",
            "/auth/start",
            "/auth/return",
        ];
        let harmless = matches!(route.kind, RouteKind::Asset | RouteKind::Health)
            || route.path == "/v1/openapi.json"
            || way_in.contains(&route.path.as_str());
        assert_eq!(route.access == Access::Open, harmless, "{route:?}");
        if !route.method.is_safe() && !harmless {
            let writes = matches!(
                route.access,
                Access::Action(
                    Action::TestRole
                        | Action::ViewPolicies
                        | Action::RefreshModels
                        | Action::ProposePromotion
                        | Action::ProposePolicyChange
                        | Action::StopJob
                        | Action::LookAgain
                        | Action::AdoptVersion
                        | Action::ResendCopy
                        | Action::GiveUpJob
                        | Action::ManageOwn
                        | Action::ManagePeople
                )
            );
            assert!(writes, "{route:?}");
        }
    }
}

#[test]
fn all_forms_and_pages_are_routed() {
    let list = routes::collect().unwrap().list();
    let has = |method: &str, path: &str| {
        list.iter()
            .any(|route| route.method.as_str() == method && route.path == path)
    };
    for path in [
        "/",
        "/accounts",
        "/models",
        "/policies",
        "/promotions",
        "/promotions/new",
        "/sign-in",
        "/setup/{token}",
        "/settings/password",
        "/auth/start",
        "/auth/return",
    ] {
        assert!(has("GET", path), "{path}");
    }
    assert!(has("POST", "/setup/{token}"));
    for path in [
        "/api/accounts/test-role",
        "/api/models/refresh",
        "/api/policies/preview",
        "/api/policies/attach",
        "/api/policies/remove",
        "/api/promotions/fill",
        "/api/promotions/propose",
        "/api/jobs/stop",
        "/api/jobs/look-again",
        "/api/jobs/adopt",
        "/api/jobs/resend",
        "/api/jobs/give-up",
        "/api/sign-in/local",
        "/api/settings/password",
        "/v1/promotions",
        "/v1/jobs/{id}/stop",
        "/v1/jobs/{id}/look-again",
        "/v1/jobs/{id}/adopt",
        "/v1/jobs/{id}/resend",
        "/v1/jobs/{id}/give-up",
    ] {
        assert!(has("POST", path), "{path}");
        assert!(path == "/v1/promotions" || !has("GET", path), "{path}");
    }
}

#[test]
fn no_route_is_there_twice() {
    let list = routes::collect().unwrap().list();
    for pair in list.windows(2) {
        let same = pair[0].path == pair[1].path && pair[0].method == pair[1].method;
        assert!(!same, "{pair:?}");
    }
}
