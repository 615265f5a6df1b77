//! Links to files: the address of an object, with a signature that says for how long it may be read.

use domain::Timestamp;
use domain::attachment::{ContentType, FileName, LINK_MILLIS, link_signed_at};

use super::Target;
use crate::signing::{ALGORITHM, Moment, encoded};

impl Target {
    /// Returns a link to an object, which is read as a file of this name and type. Within a window it is
    /// the same, and it is valid for two.
    pub(super) fn link(
        &self,
        key: &str,
        name: &FileName,
        kind: &ContentType,
        now: Timestamp,
    ) -> String {
        let moment = Moment::of(link_signed_at(now));
        let mut query = vec![
            ("X-Amz-Algorithm", ALGORITHM.to_owned()),
            ("X-Amz-Credential", self.signer.credential(moment.day())),
            ("X-Amz-Date", moment.stamp.clone()),
            ("X-Amz-Expires", (2 * LINK_MILLIS / 1000).to_string()),
        ];
        if let Some(token) = self.signer.credentials.session_token() {
            query.push(("X-Amz-Security-Token", token.to_owned()));
        }
        query.push(("X-Amz-SignedHeaders", "host".to_owned()));
        query.push(("response-content-disposition", name.disposition(kind)));
        query.push(("response-content-type", kind.as_str().to_owned()));
        // In this order, which is that of their names.
        let query: Vec<_> =
            query.iter().map(|(name, value)| format!("{name}={}", encoded(value, false))).collect();
        let (query, key) = (query.join("&"), encoded(key, true));
        let canonical = format!(
            "GET\n{}/{key}\n{query}\nhost:{}\n\nhost\nUNSIGNED-PAYLOAD",
            encoded(&self.path, true),
            self.host
        );
        let signature = self.signer.sign(&canonical, &moment);
        format!("{}/{key}?{query}&X-Amz-Signature={signature}", self.base)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use aws_sdk_dynamodb::config::Credentials;
    use aws_sigv4::http_request::{
        PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
        UriPathNormalizationMode, sign,
    };
    use aws_sigv4::sign::v4::SigningParams;

    use super::*;
    use crate::bucket::Bucket;

    const NOW: Timestamp = Timestamp::from_millis(1_795_341_600_123);

    /// Returns the signature that the SDK's library has for such a link.
    fn by_the_library(link: &str, credentials: &Credentials) -> String {
        let (unsigned, _) = link.split_once("&X-Amz-Signature=").expect("a signature");
        // What the library adds by itself is left out.
        let (address, query) = unsigned.split_once('?').expect("a query");
        let kept: Vec<_> = query.split('&').filter(|one| one.starts_with("response-")).collect();
        let url = format!("{address}?{}", kept.join("&"));
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(7200));
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let identity = credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region("eu-central-1")
            .name("s3")
            .time(UNIX_EPOCH + Duration::from_millis(link_signed_at(NOW).as_millis()))
            .settings(settings)
            .build()
            .unwrap();
        let host = address.split('/').nth(2).expect("a host");
        let body = SignableBody::UnsignedPayload;
        let signable =
            SignableRequest::new("GET", &*url, [("host", host)].into_iter(), body).unwrap();
        let (_, signature) = sign(signable, &params.into()).unwrap().into_parts();
        signature
    }

    #[test]
    fn a_link_is_signed_as_the_library_signs_it() {
        let name = FileName::parse("Счёт \"7\" + 1&2.pdf").unwrap();
        let kind = ContentType::parse("application/pdf").unwrap();
        for token in [None, Some("a+token/==")] {
            let credentials =
                Credentials::new("AKID", "secret", token.map(str::to_owned), None, "test");
            for base in ["https://files.s3.eu-central-1.amazonaws.com", "http://127.0.0.1:4001/b"] {
                let bucket = Bucket::at("eu-central-1", credentials.clone(), base);
                let link = bucket.target.link("file/YQ/c-d/e_f", &name, &kind, NOW);
                let (_, ours) = link.split_once("&X-Amz-Signature=").unwrap();
                assert_eq!(ours, by_the_library(&link, &credentials), "{link}");
                let later = bucket.target.link("file/YQ/c-d/e_f", &name, &kind, NOW.plus_millis(1));
                assert_eq!(link, later, "the same within its window");
            }
        }
    }
}
