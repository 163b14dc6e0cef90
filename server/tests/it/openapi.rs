//! The API's description.

use server::http::registry::RouteKind;
use server::http::{routes, v1};

#[test]
fn the_description_is_openapi_and_names_every_route_of_the_api() {
    let description = serde_json::to_value(v1::openapi::description()).unwrap();
    assert!(
        description["openapi"].as_str().unwrap().starts_with("3."),
        "{description}"
    );
    for route in routes::collect().unwrap().list() {
        let ours = route.path.starts_with("/v1/") && route.path != "/v1/openapi.json";
        let described = &description["paths"][&route.path][route.method.as_str().to_lowercase()];
        assert_eq!(described.is_object(), ours, "{route:?}");
        assert!(!ours || matches!(route.kind, RouteKind::Api | RouteKind::Stream));
    }
}

#[test]
fn every_reference_in_it_leads_somewhere() {
    let description = serde_json::to_value(v1::openapi::description()).unwrap();
    let text = description.to_string();
    let mut references = text.split("\"$ref\":\"#").skip(1).peekable();
    assert!(references.peek().is_some());
    for reference in references {
        let pointer = reference.split('"').next().unwrap();
        assert!(description.pointer(pointer).is_some(), "{pointer}");
    }
}

#[test]
fn the_description_changes_only_on_purpose() {
    insta::assert_json_snapshot!("openapi", v1::openapi::description());
}
