//! Calls in a student's file that say the same as the lab's in another way.

use super::Language;

texts! {
    asks_elsewhere:
        "a call that only asks (getpid; fstat, which stdio makes at the first use of a stream, or not at all after setvbuf) comes earlier, later or not at all",
        "묻기만 하는 시스템 콜(getpid, 그리고 stdio가 스트림을 처음 쓸 때 호출하며 setvbuf 뒤에는 호출하지 않는 fstat)이 앞에 있거나 뒤에 있거나 없다";
    wait_for_one:
        "the same child is waited for, by its number or as any that ends; or its status is not asked for (wait(NULL))",
        "같은 자식을 번호로, 또는 아무 자식으로 기다리거나, 상태를 묻지 않는다(wait(NULL))";
    flushes:
        "what is printed is written out at once (fflush), where the lab keeps it in its buffer",
        "출력을 바로 내보낸다(fflush). 실습은 버퍼에 둔다";
    prompt:
        "the beginning of a line is written out at once, where the lab waits for the end of the line",
        "줄의 앞부분을 바로 내보낸다. 실습은 줄이 끝날 때 쓴다";
    pieces:
        "the same bytes are written in one call or in several, with nothing between them",
        "같은 바이트를 한 번에 쓰거나 나누어 쓴다. 그 사이에 다른 일은 없다";
    heap:
        "malloc asks the kernel for memory; the lab keeps its data on the stack",
        "malloc이 커널에 메모리를 요청한다. 실습은 데이터를 스택에 둔다";
    gives_back:
        "at the end stdio gives back input that was read ahead (lseek); what reads no further than it needs gives nothing back",
        "종료될 때 stdio가 미리 읽은 입력을 되돌린다(lseek). 필요한 만큼만 읽으면 되돌릴 것이 없다";
    send_recv: "send and recv without flags are write and read", "플래그 없는 send와 recv는 write, read와 같다";
    room:
        "there is room for another number of bytes, and the same ones came",
        "읽을 자리의 크기는 다르지만 같은 바이트를 읽었다";
    protocol:
        "IPPROTO_TCP is what 0 means for a stream socket, and IPPROTO_UDP for a datagram socket",
        "0은 스트림 소켓에서 IPPROTO_TCP, 데이터그램 소켓에서 IPPROTO_UDP라는 뜻이다";
    backlog: "another length of the queue of connections", "연결 대기열의 길이가 다르다";
    path_length:
        "another length of the address, which holds the same path (SUN_LEN)",
        "주소의 길이는 다르지만 경로는 같다(SUN_LEN)";
    sigaction:
        "the same handler is set with sigaction, with other flags than signal's",
        "같은 핸들러를 sigaction으로 설정했다. 플래그가 signal과 다르다";
    tells:
        "an error that the lab passes over, or prints, is told on standard error",
        "실습이 말없이 넘어가거나 표준 출력에 쓰는 오류를 표준 에러에 알린다";
    peer:
        "the address of who connects or sends is not asked for (NULL)",
        "연결해 오거나 보낸 상대의 주소를 묻지 않는다(NULL)";
    asks_peer:
        "who is connected is asked once more (getpeername)",
        "연결된 상대가 누구인지 한 번 더 묻는다(getpeername)";
    to_the_end:
        "a file is read until nothing more comes (0), though less came before than there was room for",
        "파일을 더 읽을 것이 없을 때(0)까지 읽는다. 그 앞에서 이미 자리보다 적게 읽었다";
    off_the_list:
        "EPOLL_CTL_DEL before close, which takes the descriptor off the list anyway",
        "close 앞에 EPOLL_CTL_DEL이 있다. 없어도 지정번호는 close로 목록에서 빠진다";
    joins:
        "the threads are joined in another order",
        "스레드를 다른 순서로 join한다";
    closes:
        "descriptors are closed just before the end, which closes them anyway",
        "종료 직전에 지정번호를 닫는다. 종료되면 어차피 닫힌다";
    searches:
        "a name without a slash is looked for in each folder of PATH (execlp)",
        "슬래시 없는 이름을 PATH의 폴더마다 찾는다(execlp)";
    spare:
        "a call asks for more than anybody can see of it: a larger room for an address, more descriptors than there are for select, another number of events for epoll_wait, the mask of before or what is known of a signal, SHM_RND without an address, a mask for a signal that is ignored",
        "호출이 더 요구한 것이 어디에도 드러나지 않는다. 주소를 받을 자리가 더 크거나, select가 볼 지정번호의 범위가 더 넓거나, epoll_wait가 이벤트를 담을 자리의 수가 다르거나, 이전 마스크나 시그널의 정보를 받거나, 주소 없이 SHM_RND를 주거나, 무시하는 시그널에 마스크를 준다";
    closes_in_turn:
        "the same descriptors are closed one after the other, in another order, or by one call (close_range)",
        "같은 지정번호들을 다른 순서로 잇달아 닫거나 한 번에 닫는다(close_range)";
    shuts_down:
        "the connection is shut down (shutdown) just before close, which ends it anyway",
        "close 바로 앞에서 연결을 shutdown한다. 연결은 어차피 close로 끝난다";
    mask:
        "the same signals are blocked then: SIG_SETMASK, SIG_BLOCK and SIG_UNBLOCK may say that in several ways",
        "호출 뒤에 블록된 시그널이 같다. SIG_SETMASK, SIG_BLOCK, SIG_UNBLOCK으로 여러 가지로 쓸 수 있다";
    not_inherited:
        "a descriptor would be closed at exec (CLOEXEC), and nothing is executed",
        "지정번호가 exec 때 닫히도록 했지만(CLOEXEC) 실행하는 프로그램이 없다";
    from_here:
        "the path begins with ./, which is where the process works anyway",
        "경로가 ./로 시작한다. 프로세스의 작업 디렉터리라 같은 파일이다";
    exists:
        "whether a file is there is asked with stat, where the lab asks with access",
        "파일이 있는지를 stat으로 묻는다. 실습은 access로 묻는다";
    waitid:
        "the same child is waited for by waitid, with the same status",
        "같은 자식을 waitid로 기다리고, 받은 상태도 같다";
    waits_for_all:
        "recv waits for all that there is room for (MSG_WAITALL), and the same bytes came",
        "recv가 자리가 다 찰 때까지 기다리지만(MSG_WAITALL) 같은 바이트를 읽었다";
    labels:
        "epoll gives back another label for each descriptor (data.ptr, data.u64)",
        "epoll이 지정번호마다 다른 값을 되돌려준다(data.ptr, data.u64)";
    ignores_sigpipe:
        "SIGPIPE is ignored: a peer that has gone is an error of write",
        "SIGPIPE를 무시한다. 상대가 사라진 것은 write의 오류로 알게 된다";
    nobody_left:
        "it waits until no child is left (ECHILD)",
        "남은 자식이 없을 때까지(ECHILD) 기다린다";
    rearms:
        "a signal's action is set once more, as it is already",
        "시그널에 이미 설정된 동작을 한 번 더 설정한다";
    gives_up:
        "it ends where a call has failed or nothing more comes; the C passes that over",
        "시스템 콜이 실패하거나 더 읽을 것이 없으면 종료된다. C는 그것을 보지 않고 계속한다";
}
