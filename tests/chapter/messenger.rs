//! Conversations over messengers, from both sides: what a client writes there comes in, and what an
//! operator answers arrives there, in order, with its state in sight.

mod address;
mod bench;
mod bot;
mod burst;
mod failure;
mod files;
mod hook;
mod number;
mod order;
mod problem;
mod raw;
mod receipt;
mod receiver;
mod restart;
mod retry;
mod secret;
mod sight;
mod signing;
mod telegram;
mod volume;
mod webhook;
mod whatsapp;
mod window;
