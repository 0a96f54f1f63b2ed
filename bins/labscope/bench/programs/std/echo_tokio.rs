//! An echo server on tokio, on one thread: a task for each connection.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

const PORTNUM: u16 = 3600;

fn main() -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", PORTNUM)).await?;
        loop {
            let (client, _) = listener.accept().await?;
            tokio::spawn(serve(client));
        }
    })
}

async fn serve(mut client: TcpStream) {
    let mut buf = [0; 1024];
    while let Ok(readn @ 1..) = client.read(&mut buf).await {
        if client.write_all(&buf[..readn]).await.is_err() {
            break;
        }
    }
}
