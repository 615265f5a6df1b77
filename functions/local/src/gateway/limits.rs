//! The limits of the gateway.

use std::time::Duration;

/// The limits of the gateway. The defaults are API Gateway's, where API Gateway has the limit.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The largest WebSocket frame a client may send, in bytes.
    pub frame_bytes: usize,
    /// The largest WebSocket message in either direction, in bytes.
    pub message_bytes: usize,
    /// A connection is closed after this long without a frame in either direction.
    pub idle: Duration,
    /// A connection is closed at this age.
    pub life: Duration,
    /// The longest time that a function may take.
    pub handler: Duration,
    /// The largest body of an HTTP request, in bytes.
    pub body_bytes: usize,
    /// The longest time that a client may take to send the head of an HTTP request, or may keep a
    /// connection without one.
    pub head: Duration,
    /// The longest time that a client may take to send the body of an HTTP request.
    pub body: Duration,
    /// The most open WebSocket connections. Further ones are refused with 429.
    pub connections: usize,
    /// The most messages of one connection that are handled at a time. No further one is read
    /// meanwhile.
    pub in_flight: usize,
    /// The most posts that wait to be written to one connection. Further ones are answered with
    /// 429.
    pub queue: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes: 32 * 1024,
            message_bytes: 128 * 1024,
            idle: Duration::from_secs(10 * 60),
            life: Duration::from_secs(2 * 60 * 60),
            handler: Duration::from_secs(29),
            body_bytes: 10 * 1024 * 1024,
            head: Duration::from_secs(30),
            body: Duration::from_secs(29),
            connections: 20_000,
            in_flight: 64,
            queue: 512,
        }
    }
}
