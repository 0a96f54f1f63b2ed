//! The ladder of servers in the benchmark.

use super::Language;

texts! {
    title: "The ladder: ways to serve many clients", "사다리: 여러 클라이언트를 맡는 방법들";
    about:
        "Server and clients share one CPU, so no figure is a limit of the network. Medians, ± half the distance of the quartiles; the servers take turns. Processor time is the server's; of a short connection, all but the client's own: a child that nobody waits for is in no account. Memory is what a held connection adds: Pss, page tables and kernel stacks; the kernel's sockets, alike for all, are left out.",
        "서버와 클라이언트가 CPU 하나를 함께 쓰므로 네트워크의 한계를 잰 값은 없다. 중앙값이고 ±는 사분위수 간격의 절반이며, 서버들이 번갈아 실행된다. 프로세서 시간은 서버의 것이다. 짧은 연결에서는 클라이언트가 쓴 시간을 뺀 나머지를 모두 센다. 아무도 wait하지 않는 자식의 시간은 어디에도 기록되지 않기 때문이다. 메모리는 유지하는 연결 하나가 더하는 양으로, Pss와 페이지 테이블과 커널 스택의 합이다. 모두에게 같은 커널 소켓은 빼고 센다.";
    short_connections: "Short connections: one line there and back, and its end", "짧은 연결: 한 줄을 보내고 돌려받은 뒤 끊는다";
    one_held: "One connection, which asks", "연결 하나가 요청한다";
    many_held(count: usize): "{count} connections held, one of which asks", "유지하는 연결 {count}개, 그중 하나가 요청한다";
    server: "server", "서버";
    its_twin: "its C twin", "그 C 프로그램";
    its_calls_alone: "its calls alone", "그 시스템 콜만";
    a_second: "connections/s", "초당 연결";
    cpu_per_1000: "CPU, ms/1,000", "CPU, ms/1,000개";
    alone: "Pss alone, kB", "연결 없을 때 Pss, kB";
    requests: "requests/s", "초당 요청";
    p50: "50 %, µs", "50 %, µs";
    p99: "99 %, µs", "99 %, µs";
    memory: "kB each", "연결당 kB";
    given_back: "back, ms", "반환, ms";
    ends_each_line: "ends each connection after one line", "한 줄마다 연결을 끊는다";
    serves_at_most(most: usize): "serves {most} at a time", "한 번에 {most}개까지 맡는다";
    stopped(held: usize, by: &str): "{held} held: {by}", "{held}개 유지: {by}";
    how_cost_grows: "CPU for 1,000 requests, ms", "요청 1,000개에 드는 CPU, ms";
    how_latency_grows: "99 of 100 echoes come within, µs", "에코 100개 중 99개가 돌아오는 시간, µs";
    what_each_takes: "What a held connection takes, kB (0.1 or less: at the bottom)", "유지하는 연결 하나의 메모리, kB(0.1 이하는 맨 아래)";
    how_long_back: "How long until all is given back, ms", "모두 반환될 때까지 걸리는 시간, ms";
    axes: "right: connections held; both axes grow tenfold from mark to mark. Thick: the labs; thin: their C twins; dashed: others", "오른쪽으로: 유지하는 연결 수. 두 축 모두 눈금마다 열 배. 굵은 선: 실습, 가는 선: 그 C 프로그램, 점선: 다른 서버";
    promises: "Numbers to hold", "지켜야 할 값";
    missing: "What could not be measured", "재지 못한 것";
}

/// With so many connections.
pub fn held(language: Language, count: usize) -> String {
    match count {
        1 => one_held(language).to_owned(),
        count => many_held(language, count),
    }
}
