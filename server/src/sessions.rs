//! Sessions: which sign-in a browser has, and what a form held when it was not accepted, until it is
//! shown again.
//!
//! A session begins when something is stored in it; who only reads gets no cookie.

use std::sync::Arc;

use domain::{Clock, SignInId};
use store::Store;
use store::sessions::Sessions;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, Session, SessionManagerLayer, session};

/// `__Host-` binds the cookie to this host, to TLS (or loopback) and to the whole site.
pub const COOKIE: &str = "__Host-sid";
/// Under which key a session holds its sign-in: only the id, for all else is read anew for each
/// request.
pub const SIGN_IN: &str = "sign_in";
/// How long a session lives after it was last written.
const IDLE: Duration = Duration::hours(12);

/// Lets the browser of this session be signed in. The session gets a new id, so that nobody who knew
/// the old one (session fixation) comes in with it, and nothing of what it held: that may be somebody
/// else's.
pub async fn begin(session: &Session, sign_in: SignInId) -> Result<(), session::Error> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(SIGN_IN, sign_in).await
}

/// Gives requests their session. `Lax`, so that a link from a mail finds it; writes are guarded
/// by origin.
pub fn layer(store: &Store, clock: &Arc<dyn Clock>) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions::new(store.clone(), Arc::clone(clock)))
        .with_name(COOKIE)
        .with_path("/")
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(IDLE))
}
