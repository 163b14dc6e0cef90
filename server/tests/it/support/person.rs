//! Somebody who may do everything, signed in behind the scenes: with a cookie for pages and a token
//! for `/v1`.

use std::path::Path;
use std::sync::Arc;

use domain::{Actor, Role, RoleAssignment};
use operations::people::{self, Device, Identity, SignInMethod};
use operations::tokens::{self, TokenForm};
use operations::{Caller, OpContext};
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap};
use server::config::Config;
use server::sessions;
use server::startup::Machine;
use store::Store;
use store::sessions::Sessions;
use tower_sessions::Session;

use super::client_with;

/// What a client sends that is signed in with these roles everywhere.
pub(crate) async fn headers(cx: &OpContext, name: &str, roles: &[Role]) -> HeaderMap {
    let identity = Identity {
        issuer: "https://issuer.test".to_owned(),
        subject: name.to_owned(),
        name: name.to_owned(),
        groups: Vec::new(),
    };
    let held: Vec<_> = roles
        .iter()
        .map(|role| RoleAssignment::everywhere(*role))
        .collect();
    let (method, device) = (SignInMethod::Demo, Device::default());
    let signed_in = people::sign_in_with(cx, &identity, method, &device, &held).await;
    let signed_in = signed_in.unwrap();
    let rows = Arc::new(Sessions::new(cx.store.clone(), Arc::clone(&cx.clock)));
    let session = Session::new(None, rows, None);
    sessions::begin(&session, signed_in.sign_in).await.unwrap();
    session.save().await.unwrap();
    let cookie = format!("{}={}", sessions::COOKIE, session.id().unwrap());

    let caller = Caller::person(signed_in.person, held.iter().cloned().collect());
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, cookie.parse().unwrap());
    if !held.is_empty() {
        let form = TokenForm {
            name: "test".to_owned(),
            scope: held,
            days: 1,
        };
        let token = tokens::create(&cx.called_by(caller), &form).await.unwrap();
        let bearer = format!("Bearer {}", token.secret.reveal());
        headers.insert(AUTHORIZATION, bearer.parse().unwrap());
    }
    headers
}

/// Signs in beside the server that is configured in this folder, with every role.
pub(crate) async fn beside(folder: &Path) -> reqwest::Client {
    client_with(headers_beside(folder).await)
}

/// What such a client sends.
pub(crate) async fn headers_beside(folder: &Path) -> HeaderMap {
    let config = Config::load(Some(&folder.join("customhouse.toml"))).unwrap();
    let store = Store::open_as_it_is(&config.database.url()).await.unwrap();
    let machine = Machine::real(&config).await;
    let cx = machine.context(&config, &store, Actor::LocalOperator);
    let headers = headers(&cx, "everybody", &Role::ALL).await;
    store.close().await;
    headers
}
