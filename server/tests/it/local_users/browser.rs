//! A browser without scripts, as far as these tests need one.

use std::collections::BTreeMap;

use reqwest::{Method, RequestBuilder};

use crate::support::{Program, client};

/// Keeps cookies and follows no redirect.
pub(crate) struct Browser {
    url: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What a browser got.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) retry_after: Option<String>,
    pub(crate) referrer_policy: String,
    pub(crate) set_cookies: Vec<String>,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn at(program: &Program) -> Self {
        Self {
            url: program.url.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// The same cookies at another process.
    pub(crate) fn moves_to(&mut self, program: &Program) {
        self.url.clone_from(&program.url);
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path);
        self.send(request).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &str) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned());
        self.send(request).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        client()
            .request(method, format!("{}{path}", self.url))
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("user-agent", "a browser")
            .header("cookie", cookies.join("; "))
    }

    async fn send(&mut self, request: RequestBuilder) -> Answer {
        let answer = request.send().await.unwrap();
        let headers = answer.headers().clone();
        let text = |name: &str| Some(headers.get(name)?.to_str().unwrap().to_owned());
        let set_cookies: Vec<_> = headers
            .get_all("set-cookie")
            .iter()
            .map(|cookie| cookie.to_str().unwrap().to_owned())
            .collect();
        for cookie in &set_cookies {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Answer {
            status: answer.status().as_u16(),
            location: text("location"),
            retry_after: text("retry-after"),
            referrer_policy: text("referrer-policy").unwrap_or_default(),
            set_cookies,
            body: answer.text().await.unwrap(),
        }
    }
}
