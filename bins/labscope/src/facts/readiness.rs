//! Which descriptors a call found ready: select and poll say it, epoll gives back what they were registered with.

use crate::trace::{Call, Trace};

/// A descriptor that was ready, and for what: `in`, `out`, `hup`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyDescriptor {
    pub descriptor: i32,
    pub events: Vec<String>,
}

/// Those that the call found; none of them if its time was over. None if it does not tell.
pub fn ready(trace: &Trace, call: &Call) -> Option<Vec<ReadyDescriptor>> {
    let found = call.found_ready()?.into_iter().map(|one| {
        let descriptor = if call.request().starts_with("epoll") {
            registered(trace, call, one.of)?
        } else {
            i32::try_from(one.of).ok()?
        };
        Some(ReadyDescriptor {
            descriptor,
            events: one.events,
        })
    });
    found.collect()
}

/// The descriptor that was last registered with that, by the process itself if it has done so at all: a child has its parent's.
fn registered(trace: &Trace, wait: &Call, data: u64) -> Option<i32> {
    let before = trace.calls.iter().rev();
    let before = before.skip_while(|call| call.entered_at >= wait.entered_at);
    let registered = before.filter(|call| {
        let as_data = call.args.field("data");
        let as_data = as_data.map(|data| data.field("u64").unwrap_or(data));
        call.name == "epoll_ctl"
            && call.args.get(0).number() == wait.args.get(0).number()
            && call.args.get(1).as_str() != "EPOLL_CTL_DEL"
            && as_data.and_then(|it| it.number()) == Some(data as i64)
    });
    let registered: Vec<&Call> = registered.collect();
    let own = registered.iter().find(|call| call.pid == wait.pid);
    let call = own.or(registered.first())?;
    i32::try_from(call.args.get(2).number()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{ReadyDescriptor, ready};
    use crate::trace::Trace;

    fn told(lines: &str) -> Option<Vec<(i32, String)>> {
        let mut trace = Trace::default();
        trace.feed(lines.as_bytes());
        let found = ready(&trace, trace.calls.last()?)?;
        let pair = |one: ReadyDescriptor| (one.descriptor, one.events.join(" "));
        Some(found.into_iter().map(pair).collect())
    }

    #[test]
    fn each_call_tells_which_descriptors_were_ready_and_for_what() {
        let found = |pairs: &[(i32, &str)]| {
            let pairs = pairs.iter().map(|(fd, events)| (*fd, (*events).to_owned()));
            Some(pairs.collect::<Vec<_>>())
        };
        let registered = "7 epoll_ctl(4, EPOLL_CTL_ADD, 3, {events=EPOLLIN, data={u32=9, u64=9}}) = 0\n\
             8 epoll_ctl(4, EPOLL_CTL_ADD, 6, {events=EPOLLIN, data={u32=9, u64=9}}) = 0\n\
             7 epoll_ctl(5, EPOLL_CTL_ADD, 8, {events=EPOLLIN, data={u32=9, u64=9}}) = 0\n";
        let cases = [
            ("7 pselect6(6, [3 4 5], [4], NULL, NULL, NULL) = 3 (in [3 4], out [4])\n".to_owned(), found(&[(3, "in"), (4, "in out")])),
            ("7 select(6, [3], NULL, NULL, {tv_sec=2, tv_usec=0}) = 1 (in [3], left {tv_sec=1, tv_usec=9})\n".to_owned(), found(&[(3, "in")])),
            ("7 select(6, [3], NULL, NULL, {tv_sec=2, tv_usec=0}) = 0 (Timeout)\n".to_owned(), found(&[])),
            ("7 poll([{fd=3, events=POLLIN}, {fd=5, events=POLLIN}], 2, -1) = 1 ([{fd=5, revents=POLLIN|POLLHUP}])\n".to_owned(), found(&[(5, "in hup")])),
            (format!("{registered}7 epoll_pwait(4, [{{events=EPOLLIN|EPOLLRDHUP, data={{u32=9, u64=9}}}}], 64, -1, NULL, 8) = 1\n"), found(&[(3, "in rdhup")])),
            (format!("{registered}9 epoll_wait(4, [{{events=EPOLLIN, data={{u32=9, u64=9}}}}], 64, -1) = 1\n"), found(&[(6, "in")])),
            ("7 epoll_wait(4, [], 64, 100) = 0\n".to_owned(), found(&[])),
            ("7 epoll_wait(4, [{events=EPOLLIN, data={u32=9, u64=9}}], 64, -1) = 1\n".to_owned(), None),
            ("7 poll([{fd=3, events=POLLIN}], 1, -1) = -1 EINTR (Interrupted system call)\n".to_owned(), None),
            ("7 read(3, \"x\", 1) = 1\n".to_owned(), None),
        ];
        for (lines, wanted) in cases {
            assert_eq!(told(&lines), wanted, "{lines}");
        }
    }
}
