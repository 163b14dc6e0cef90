//! A sign-in on its way to the provider and back.
//!
//! Nothing is stored while somebody has not signed in. The browser that begins gets one short-lived
//! cookie for each attempt, so that several tabs can sign in at once; it holds a random key, and
//! `state`, `nonce` and the PKCE verifier follow from that key. Whoever returns without the cookie
//! did not begin here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::{Clock, Millis, Random};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderValue;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::local_path::LocalPath;

/// How long somebody may take at the provider, in milliseconds.
pub const LONGEST_MS: i64 = 10 * 60 * 1_000;
/// How many attempts of one browser may be under way; another one replaces the oldest.
const MOST: usize = 5;
/// Every cookie's name begins so. `__Host-` binds it to this host, to TLS (or loopback) and to the
/// whole site.
const COOKIE: &str = "__Host-start-";
/// So many characters of `state` name the cookie.
const NAMED_BY: usize = 16;
/// The version of what a cookie holds.
const VERSION: &str = "1";

/// One attempt.
#[derive(Clone)]
pub struct Pending {
    key: [u8; 32],
    began: Millis,
    next: LocalPath,
}

impl Pending {
    /// A new attempt that leads to `next` in the end.
    pub fn begin(next: LocalPath, clock: &dyn Clock, random: &dyn Random) -> Self {
        let mut key = [0; 32];
        random.fill(&mut key);
        Self {
            key,
            began: clock.now(),
            next,
        }
    }

    /// The attempt that `state` belongs to, if this browser began it and not too long ago.
    ///
    /// `cookies` are all that the browser sent.
    pub fn find<'a>(
        state: &str,
        mut cookies: impl Iterator<Item = (&'a str, &'a str)>,
        now: Millis,
    ) -> Option<Self> {
        let name = cookie_name(state)?;
        let (_, value) = cookies.find(|(sent, _)| *sent == name)?;
        let pending = Self::read(value)?;
        let is_own = pending.state().as_bytes().ct_eq(state.as_bytes());
        let age = now.since(pending.began);
        (bool::from(is_own) && (0..LONGEST_MS).contains(&age)).then_some(pending)
    }

    /// What the provider hands back with the browser.
    pub fn state(&self) -> String {
        self.derive("state")
    }

    /// What the provider writes into the ID token.
    pub fn nonce(&self) -> String {
        self.derive("nonce")
    }

    /// The PKCE verifier (RFC 7636, section 4.1).
    pub fn verifier(&self) -> String {
        self.derive("verifier")
    }

    /// Where the browser wanted to go.
    pub fn next(&self) -> &LocalPath {
        &self.next
    }

    /// Names the attempt in the database, once it was used.
    pub fn id(&self) -> String {
        hex::encode(Sha256::digest(self.state()))
    }

    /// When the attempt is too old to return, wherever the clock of its cookie stands.
    pub fn ends_at(&self) -> Millis {
        self.began.plus(LONGEST_MS)
    }

    /// The `Set-Cookie` that begins it.
    pub fn cookie(&self) -> HeaderValue {
        let value = [
            VERSION,
            &BASE64.encode(self.key),
            &self.began.get().to_string(),
            &BASE64.encode(self.next.as_str()),
        ]
        .join(".");
        set_cookie(&self.name(), &value, LONGEST_MS / 1_000)
    }

    /// The `Set-Cookie` that ends it.
    pub fn end(&self) -> HeaderValue {
        set_cookie(&self.name(), "", 0)
    }

    fn name(&self) -> String {
        cookie_name(&self.state()).expect("a state has 43 characters of base64url")
    }

    fn read(value: &str) -> Option<Self> {
        let [VERSION, key, began, next] = value.split('.').collect::<Vec<_>>()[..] else {
            return None;
        };
        let next = String::from_utf8(BASE64.decode(next).ok()?).ok()?;
        Some(Self {
            key: BASE64.decode(key).ok()?.try_into().ok()?,
            began: Millis::new(began.parse().ok()?),
            next: LocalPath::new(&next).unwrap_or_default(),
        })
    }

    /// A value that only the holder of the key can know, another one for each purpose. 43
    /// characters of base64url.
    fn derive(&self, purpose: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("a key of HMAC may have any length");
        mac.update(purpose.as_bytes());
        BASE64.encode(mac.finalize().into_bytes())
    }
}

/// The `Set-Cookie`s that drop the oldest attempts, so that one more fits.
///
/// A page of another site can make a browser begin; without a bound its cookies would outgrow what
/// a request may hold.
pub fn make_room<'a>(cookies: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<HeaderValue> {
    let mut known: Vec<_> = cookies
        .filter(|(name, _)| name.starts_with(COOKIE))
        .map(|(name, value)| (Pending::read(value).map(|pending| pending.began), name))
        .collect();
    known.sort_unstable();
    let surplus = (known.len() + 1).saturating_sub(MOST);
    known
        .iter()
        .take(surplus)
        .filter(|(_, name)| is_cookie_name(name))
        .map(|(_, name)| set_cookie(name, "", 0))
        .collect()
}

fn cookie_name(state: &str) -> Option<String> {
    let name = format!("{COOKIE}{}", state.get(..NAMED_BY)?);
    is_cookie_name(&name).then_some(name)
}

fn is_cookie_name(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// `Lax`: the provider sends the browser back by a link.
fn set_cookie(name: &str, value: &str, seconds: i64) -> HeaderValue {
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::try_from(text).expect("name and value are plain ASCII")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    struct Fixed(i64);

    impl Clock for Fixed {
        fn now(&self) -> Millis {
            Millis::new(self.0)
        }
    }

    #[derive(Default)]
    struct Counting(AtomicU8);

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn begun(at: i64, random: &Counting) -> Pending {
        Pending::begin(LocalPath::new("/jobs?a=b").unwrap(), &Fixed(at), random)
    }

    /// The name and value that a browser sends back, and what it was told about them.
    fn sent(header: &HeaderValue) -> (String, String, String) {
        let text = header.to_str().unwrap();
        let (pair, rest) = text.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.to_owned(), rest.to_owned())
    }

    fn pairs(cookies: &[(String, String, String)]) -> impl Iterator<Item = (&str, &str)> {
        cookies
            .iter()
            .map(|(name, value, _)| (name.as_str(), value.as_str()))
    }

    #[test]
    fn several_attempts_of_one_browser_come_back_each_to_its_own() {
        let random = Counting::default();
        let attempts = [begun(1_000, &random), begun(2_000, &random)];
        let cookies: Vec<_> = attempts.iter().map(|one| sent(&one.cookie())).collect();
        for attempt in &attempts {
            let found = Pending::find(&attempt.state(), pairs(&cookies), Millis::new(3_000));
            let found = found.unwrap();
            assert_eq!(found.nonce(), attempt.nonce());
            assert_eq!(found.verifier(), attempt.verifier());
            assert_eq!(found.next().as_str(), "/jobs?a=b");
        }
        assert_ne!(attempts[0].id(), attempts[1].id());
    }

    #[test]
    fn the_values_of_an_attempt_tell_nothing_about_each_other() {
        let attempt = begun(1_000, &Counting::default());
        let values = [attempt.state(), attempt.nonce(), attempt.verifier()];
        for (index, value) in values.iter().enumerate() {
            assert_eq!(value.len(), 43);
            assert!(!values[..index].contains(value));
            let (_, cookie, _) = sent(&attempt.cookie());
            assert!(!cookie.contains(value.as_str()));
        }
    }

    #[test]
    fn who_did_not_begin_here_or_comes_too_late_is_not_found() {
        let random = Counting::default();
        let attempt = begun(1_000, &random);
        let other = begun(1_000, &random);
        let own = [sent(&attempt.cookie())];
        let state = attempt.state();
        let find = |state: &str, cookies: &[(String, String, String)], at| {
            Pending::find(state, pairs(cookies), Millis::new(at)).is_some()
        };
        assert!(find(&state, &own, 1_000 + LONGEST_MS - 1));
        assert!(!find(&state, &own, 1_000 + LONGEST_MS), "too late");
        assert!(!find(&state, &own, 999), "from a clock that was ahead");
        assert!(!find(&state, &[], 1_000), "no cookie");
        assert!(
            !find(&state, &[sent(&other.cookie())], 1_000),
            "another one's"
        );
        assert!(!find(&format!("{state}a"), &own, 1_000), "a longer state");
        let half = format!("{}{}", &state[..NAMED_BY], "a".repeat(43 - NAMED_BY));
        assert!(!find(&half, &own, 1_000), "a state that only begins alike");
        for state in [
            "",
            "short",
            "é".repeat(40).as_str(),
            "; Path=/x; aaaaaaaaaaaaaa",
        ] {
            assert!(!find(state, &own, 1_000), "{state:?}");
        }
        let (name, value, _) = &own[0];
        for value in ["", "1", "1.a.b.c", &value.replacen('1', "2", 1)] {
            let spoiled = [(name.clone(), (*value).to_owned(), String::new())];
            assert!(!find(&state, &spoiled, 1_000), "{value:?}");
        }
    }

    #[test]
    fn cookies_are_bound_to_the_host_and_short_lived() {
        let attempt = begun(1_000, &Counting::default());
        let (name, _, rest) = sent(&attempt.cookie());
        assert!(name.starts_with("__Host-start-"), "{name}");
        assert_eq!(rest, " Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax");
        let (ended, value, rest) = sent(&attempt.end());
        assert_eq!((ended, value.as_str()), (name, ""));
        assert!(rest.contains("Max-Age=0;"), "{rest}");
    }

    #[test]
    fn the_oldest_attempts_make_room() {
        let random = Counting::default();
        let attempts: Vec<_> = (0..7).map(|at| begun(1_000 + at, &random)).collect();
        let mut cookies: Vec<_> = attempts.iter().map(|one| sent(&one.cookie())).collect();
        cookies.push(("__Host-sid".to_owned(), "a".to_owned(), String::new()));
        cookies.push((
            "__Host-start-spoiled".to_owned(),
            "a".to_owned(),
            String::new(),
        ));
        let dropped: Vec<_> = make_room(pairs(&cookies))
            .iter()
            .map(|header| sent(header).0)
            .collect();
        let mut expected = vec!["__Host-start-spoiled".to_owned()];
        expected.extend(attempts[..3].iter().map(Pending::name));
        assert_eq!(dropped, expected);
        assert!(make_room(pairs(&cookies[..MOST - 1])).is_empty());
    }
}
