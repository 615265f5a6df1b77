//! Starts the whole system on one machine, with demo data.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use lambda_http::tracing::subscriber::{self, EnvFilter};
use local::gateway::Limits;
use local::run::{Options, RATES, Running};
use local::{Fault, demo};
use tokio::signal::unix::{SignalKind, signal};

/// Runs the whole of ChatDesk on this machine, with demo data.
#[derive(Parser)]
#[command(name = "chatdesk", version)]
struct Arguments {
    /// The port of 127.0.0.1 to answer on.
    #[arg(long, default_value_t = 4000)]
    port: u16,
    /// Keep the data in this folder; without it, the data is deleted at the end.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Start empty: delete what is kept in DIR.
    #[arg(long)]
    fresh: bool,
    /// Rebuild the search index from the data in DIR, while serving.
    #[arg(long)]
    reindex: bool,
    /// After how many idle seconds a socket is closed.
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    socket_idle: u64,
    /// After how many seconds a socket is closed in any case.
    #[arg(long, value_name = "SECONDS", default_value_t = 7200)]
    socket_life: u64,
    /// Accept the tokens of identity providers too, as this file of settings names them.
    #[arg(long, value_name = "FILE")]
    issuers: Option<PathBuf>,
    /// Refuse sockets that are opened without a ticket, as a deployment may do.
    #[arg(long)]
    socket_tickets: bool,
    /// Write to this file, at the end, which function made which calls to DynamoDB and the gateway.
    #[arg(long, value_name = "FILE")]
    calls: Option<PathBuf>,
    /// Split the stream into this many shards: several batches are delivered at once, mixed.
    #[arg(long, hide = true, default_value_t = 1)]
    shards: u32,
    /// Call Telegram's Bot API at this address instead of the stand-in. The demo's bot, which only the
    /// stand-in knows, is left out.
    #[arg(long, hide = true, value_name = "URL")]
    telegram_url: Option<String>,
    /// Call WhatsApp's Cloud API at this address instead of the stand-in.
    #[arg(long, hide = true, value_name = "URL")]
    whatsapp_url: Option<String>,
    /// Do without the operators' page: neither serve nor build it.
    #[arg(long)]
    no_console: bool,
}

/// The source of the operators' page, where this was compiled.
const CONSOLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../console");

/// The stack of each thread, in bytes: a development build's futures are large.
const STACK_BYTES: usize = 8 * 1024 * 1024;

fn main() -> ExitCode {
    log();
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build();
    match runtime.map_err(Fault::from).and_then(|runtime| runtime.block_on(run(arguments))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            let _ = writeln!(std::io::stderr(), "chatdesk: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Sends logs to the terminal beside the output, whose last line other programs wait for.
/// `RUST_LOG` sets the levels.
fn log() {
    let filter = EnvFilter::try_from_default_env()
        // The embedded DynamoDB warns of every guard that does its work.
        .unwrap_or_else(|_| EnvFilter::new("warn,dynoxide=error"));
    subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

async fn run(arguments: Arguments) -> Result<(), Fault> {
    let limits = Limits {
        idle: Duration::from_secs(arguments.socket_idle),
        life: Duration::from_secs(arguments.socket_life),
        ..Limits::default()
    };
    let rates = RATES.from_environment();
    let rates = rates.map_err(|name| format!("the variable {name} is not a whole number"))?;
    let options = Options {
        rates: Some(rates),
        port: arguments.port,
        data: arguments.data,
        is_fresh: arguments.fresh,
        is_reindexed: arguments.reindex,
        limits,
        issuers: arguments.issuers,
        needs_ticket: arguments.socket_tickets,
        pushes_at_once: functions::app::pushes_at_once()?,
        calls: arguments.calls,
        shards: arguments.shards,
        has_messengers: arguments.telegram_url.is_none(),
        telegram: arguments.telegram_url,
        whatsapp: arguments.whatsapp_url,
        console: (!arguments.no_console).then(|| PathBuf::from(CONSOLE)),
        ..Options::default()
    };
    let (mut interrupt, mut end) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let running = Running::start(options).await?;
    print(&running)?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = end.recv() => {}
    }
    running.stop().await
}

fn print(running: &Running) -> Result<(), Fault> {
    let at = format!("http://{}", running.address);
    let mut out = std::io::stdout().lock();
    writeln!(out, "ChatDesk on this machine\n")?;
    writeln!(out, "  The page    {at}/  (operators)  and  {at}/demo  (a shop with the widget)")?;
    writeln!(out, "  GraphQL     {at}/graphql  (HTTP and WebSocket, graphql-transport-ws)")?;
    writeln!(out, "  GraphiQL    {at}/graphiql")?;
    writeln!(out, "  A client    {at}/dev/token?as=client:Zoe&liveChat=Support")?;
    writeln!(
        out,
        "  Webhook     {at}/channels/webhook/demo-support  (secret: {})",
        demo::WEBHOOK_SECRET
    )?;
    writeln!(out, "  Telegram    {at}/dev/telegram  (a stand-in: write to the demo's bot)")?;
    writeln!(out, "  Tokens      {at}/dev/token?as=NAME, where NAME is one of\n")?;
    for person in demo::PEOPLE {
        writeln!(out, "    {:<10} {}", person.sign_in_name(), person.description)?;
    }
    writeln!(out, "\nready {at}")?;
    out.flush()?;
    Ok(())
}
