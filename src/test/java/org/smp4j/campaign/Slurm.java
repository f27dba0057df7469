package org.smp4j.campaign;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Slurm cluster of two nodes on this host. All its traffic is on the loopback interface. */
final class Slurm implements AutoCloseable {
    private final Path folder;
    private final List<Process> daemons = new ArrayList<>();

    Slurm(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        byte[] key = new byte[1024];
        new SecureRandom().nextBytes(key);
        Files.write(folder.resolve("munge.key"), key);
        Files.setPosixFilePermissions(folder.resolve("munge.key"), PosixFilePermissions.fromString("rw-------"));
        Files.createDirectory(folder.resolve("state"));
        String host = Engines.run(folder, List.of(), "hostname", "-s").strip();
        int[] ports = ports(3);
        Files.writeString(folder.resolve("slurm.conf"), """
                ClusterName=smp4j
                SlurmctldHost=%2$s(127.0.0.1)
                SlurmctldPort=%3$d
                CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
                AuthType=auth/munge
                AuthInfo=socket=%1$s/munge.socket
                SlurmUser=root
                SlurmdUser=root
                StateSaveLocation=%1$s/state
                SlurmdSpoolDir=%1$s/spool-%%n
                SlurmctldPidFile=%1$s/slurmctld.pid
                SlurmdPidFile=%1$s/%%n.pid
                SlurmctldLogFile=%1$s/slurmctld.log
                SlurmdLogFile=%1$s/%%n.log
                ProctrackType=proctrack/pgid
                TaskPlugin=task/none
                SelectType=select/cons_tres
                SelectTypeParameters=CR_Core
                MpiDefault=none
                ReturnToService=2
                SlurmdTimeout=4
                SchedulerParameters=sched_interval=1
                NodeName=n1 NodeHostname=%2$s NodeAddr=127.0.0.1 Port=%4$d CPUs=1 State=UNKNOWN
                NodeName=n2 NodeHostname=%2$s NodeAddr=127.0.0.1 Port=%5$d CPUs=1 State=UNKNOWN
                PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
                """.formatted(folder, host, ports[0], ports[1], ports[2]));
        start("munged", "--foreground", "--force", "--socket=" + folder.resolve("munge.socket"), "--key-file="
                + folder.resolve("munge.key"), "--pid-file=" + folder.resolve("munged.pid"), "--log-file="
                + folder.resolve("munged.log"), "--seed-file=" + folder.resolve("munged.seed"));
        while (!Files.exists(folder.resolve("munge.socket"))) {
            TimeUnit.MILLISECONDS.sleep(20);
            if (!daemons.getFirst().isAlive()) {
                throw new IOException("munged did not start: " + Files.readString(folder.resolve("munged.out")));
            }
        }
        start("slurmctld", "-D", "-c");
        start("slurmd", "-D", "-N", "n1");
        start("slurmd", "-D", "-N", "n2");
        while (!run("sinfo", "--noheader", "--format=%t %D").contains("idle 2")) {
            TimeUnit.MILLISECONDS.sleep(100);
            if (daemons.stream().anyMatch(daemon -> !daemon.isAlive())) {
                throw new IOException("Slurm did not start: " + Files.readString(folder.resolve("slurmctld.log")));
            }
        }
    }

    private static int[] ports(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        int[] ports = new int[count];
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            ports[i] = sockets.get(i).getLocalPort();
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private void start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve(command[0] + ".out").toFile());
        builder.environment().put("SLURM_CONF", folder.resolve("slurm.conf").toString());
        daemons.add(builder.start());
    }

    /** Runs one of Slurm's commands. */
    String run(String... command) throws IOException, InterruptedException {
        return Engines.run(folder, List.of("SLURM_CONF", folder.resolve("slurm.conf").toString()), command);
    }

    /** Kills the second node, with what runs on it, as a power failure does. */
    void killSecondNode() {
        kill(daemons.getLast());
    }

    private static void kill(Process daemon) {
        List<ProcessHandle> all = new ArrayList<>(daemon.descendants().toList());
        all.add(0, daemon.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        for (Process daemon : daemons.reversed()) {
            kill(daemon);
            daemon.onExit().join();
        }
    }
}
