//! Requests of pages of other origins. Pages of any origin may send them and read the answers: a caller
//! is identified by a token that the page has to hold, never by a cookie.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW,
};
use http::{HeaderValue, StatusCode};
use lambda_http::{Body, Response};

/// The access of pages to an address.
pub struct Cors {
    /// The methods of the address, as `Allow` lists them.
    pub allowed: &'static str,
    /// The methods that pages may use.
    pub methods: &'static str,
    /// A header of the answers that a page's script may read beside the usual ones.
    pub exposed: Option<&'static str>,
}

impl Cors {
    /// Lets the page read an answer.
    #[must_use]
    pub fn share(&self, mut response: Response<Body>) -> Response<Body> {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if let Some(exposed) = self.exposed {
            let exposed = HeaderValue::from_static(exposed);
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
        response
    }

    /// Answers a preflight request.
    #[must_use]
    pub fn preflight(&self) -> Response<Body> {
        let mut response = Response::new(Body::Empty);
        *response.status_mut() = StatusCode::NO_CONTENT;
        for (name, value) in [
            (ALLOW, self.allowed),
            (ACCESS_CONTROL_ALLOW_METHODS, self.methods),
            (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
            (ACCESS_CONTROL_MAX_AGE, "7200"),
        ] {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        self.share(response)
    }
}
