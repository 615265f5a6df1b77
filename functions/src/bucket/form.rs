//! The form of an upload: what a browser posts, and the policy that bounds it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Attachment, Timestamp};
use graphql::files::Form;
use serde_json::json;

use super::Target;
use crate::signing::{ALGORITHM, Moment};

impl Target {
    /// Returns the form that takes one file of this size and claimed type under one key.
    pub(super) fn form(
        &self,
        key: &str,
        file: &Attachment,
        now: Timestamp,
        until: Timestamp,
    ) -> Form {
        let moment = Moment::of(now);
        let mut fields = vec![
            ("key".to_owned(), key.to_owned()),
            ("Content-Type".to_owned(), file.claimed.as_str().to_owned()),
            ("success_action_status".to_owned(), "201".to_owned()),
            ("x-amz-algorithm".to_owned(), ALGORITHM.to_owned()),
            ("x-amz-credential".to_owned(), self.signer.credential(moment.day())),
            ("x-amz-date".to_owned(), moment.stamp.clone()),
        ];
        if let Some(token) = self.signer.credentials.session_token() {
            fields.push(("x-amz-security-token".to_owned(), token.to_owned()));
        }
        let mut conditions: Vec<_> =
            fields.iter().map(|(name, value)| json!(["eq", format!("${name}"), value])).collect();
        conditions.push(json!(["content-length-range", file.size, file.size]));
        if let Some(bucket) = self.path.strip_prefix('/') {
            conditions.push(json!({ "bucket": bucket }));
        }
        let policy = json!({ "expiration": until.to_string(), "conditions": conditions });
        let policy = STANDARD.encode(policy.to_string());
        let signature = self.signer.sign_text(&policy, &moment);
        fields.push(("policy".to_owned(), policy));
        fields.push(("x-amz-signature".to_owned(), signature));
        Form { url: self.base.clone(), fields }
    }
}
