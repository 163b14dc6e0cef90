//! One HTTP request under construction.

/// Whose signature a message carries: a place in the list of [`crate::sign::Identity`].
pub(crate) type Signer = usize;

/// A request, before and after it is signed.
#[derive(Clone)]
pub(crate) struct Message {
    /// The signing name of the service.
    pub(crate) service: &'static str,
    /// AWS's name of the operation that the message asks for, as far as it is a known one.
    pub(crate) operation: Option<String>,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) query: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    pub(crate) signer: Signer,
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_slice())
    }

    /// Puts a header in place of all of its name.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(known, _)| known != name);
        self.headers
            .push((name.to_owned(), value.as_bytes().to_vec()));
    }

    /// The bytes for the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let question = if self.query.is_empty() { "" } else { "?" };
        let mut bytes = format!(
            "{} {}{question}{} HTTP/1.1\r\n",
            self.method, self.path, self.query
        )
        .into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        let end = format!(
            "content-length: {}\r\nconnection: close\r\n\r\n",
            self.body.len()
        );
        bytes.extend_from_slice(end.as_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}
