package org.smp4j.explore.instrument.call;

import java.util.List;
import java.util.Set;

/** JDK calls that the explorer can't control, and JDK calls whose accesses it can't see. */
final class Refusals {
    /**
     * Entries are a method, with or without its descriptor; all methods of a class; or all methods of a package and the
     * packages below it.
     */
    private static final Set<String> REFUSED = Set.of("""
            java/lang/Thread.stop java/lang/Thread.suspend java/lang/Thread.resume java/lang/ThreadGroup.interrupt
            java/lang/ThreadGroup.uncaughtException java/lang/ThreadGroup.enumerate java/lang/Thread.enumerate
            java/lang/Thread.getAllStackTraces java/lang/StableValue.* java/lang/System.setOut
            java/lang/System.setErr java/lang/System.setIn java/security/SecureClassLoader.<init>
            java/security/SecureClassLoader.defineClass java/lang/ModuleLayer.defineModules
            java/lang/ModuleLayer.defineModulesWithOneLoader java/lang/ModuleLayer.defineModulesWithManyLoaders
            javax/management/loading/**
            java/lang/invoke/MethodHandles$Lookup.defineClass
            java/lang/invoke/MethodHandles$Lookup.defineHiddenClass
            java/lang/invoke/MethodHandles$Lookup.defineHiddenClassWithClassData java/util/GregorianCalendar.<init>()V
            java/lang/Runtime.exec java/lang/System.console java/lang/ProcessBuilder.start
            java/lang/ProcessBuilder.startPipeline
            java/lang/Process.* java/lang/ProcessHandle.* java/io/FileInputStream.<init> java/io/FileInputStream.*
            java/io/FileOutputStream.<init> java/io/FileOutputStream.* java/io/FileReader.<init>
            java/io/FileWriter.<init> java/io/RandomAccessFile.<init> java/io/RandomAccessFile.* java/io/Console.*
            java/io/PipedInputStream.* java/io/PipedOutputStream.* java/io/PipedReader.* java/io/PipedWriter.*
            java/nio/file/Files.* java/nio/channels/** java/net/http/** java/net/Socket.<init> java/net/Socket.*
            java/net/ServerSocket.<init> java/net/ServerSocket.* java/net/DatagramSocket.<init>
            java/net/DatagramSocket.* java/net/MulticastSocket.<init> java/net/MulticastSocket.*
            java/net/URL.openStream java/net/URL.openConnection java/net/URL.getContent java/net/URLConnection.*
            java/net/HttpURLConnection.* java/net/InetAddress.getByName java/net/InetAddress.getAllByName
            java/net/InetAddress.getLocalHost java/net/NetworkInterface.* java/lang/ref/Cleaner.*
            java/lang/ref/ReferenceQueue.* java/lang/reflect/Method.invoke java/lang/invoke/VarHandle.toMethodHandle
            java/lang/invoke/MethodHandles.varHandleInvoker java/lang/invoke/MethodHandles.varHandleExactInvoker
            java/lang/invoke/MethodHandles.arrayElementGetter java/lang/invoke/MethodHandles.arrayElementSetter
            java/lang/foreign/Linker.downcallHandle java/lang/foreign/Linker.upcallStub java/util/Arrays.parallelSort
            java/util/Arrays.parallelPrefix java/util/Arrays.parallelSetAll sun/misc/** jdk/internal/** javax/net/**
            java/sql/** javax/sql/** java/rmi/** java/security/SecureRandom.<init>
            java/security/SecureRandom.getInstance java/security/SecureRandom.getSeed
            java/lang/Thread$Builder.inheritInheritableThreadLocals
            java/lang/Thread$Builder$OfPlatform.inheritInheritableThreadLocals
            java/lang/Thread$Builder$OfVirtual.inheritInheritableThreadLocals java/lang/ThreadGroup.activeGroupCount
            java/lang/ThreadGroup.list java/util/random/RandomGeneratorFactory.all
            """.split("\\s+"));

    private static final Set<String> LISTED = Set.of("""
            java/util/Arrays.copyOf java/util/Arrays.copyOfRange java/util/Arrays.equals java/util/Arrays.setAll
            java/util/Arrays.stream java/util/Arrays.asList java/util/Arrays.binarySearch
            java/util/Arrays.mismatch java/util/Arrays.compare
            java/util/Arrays.deepEquals java/util/Arrays.deepHashCode java/util/Arrays.deepToString
            java/lang/reflect/Array.get java/lang/reflect/Array.set java/util/Collections.sort
            java/util/Collections.addAll java/util/Collections.reverse java/util/Collections.shuffle
            java/util/Collections.swap java/util/Collections.fill java/util/Collections.rotate
            java/util/Collections.copy java/util/Collections.max java/util/Collections.min
            java/util/Collections.frequency
            java/lang/invoke/MethodHandle.invoke java/lang/invoke/MethodHandle.invokeExact
            java/lang/invoke/MethodHandle.invokeWithArguments java/lang/Thread.getStackTrace java/lang/ref/Reference.get
            java/lang/ref/WeakReference.get java/lang/ref/SoftReference.get java/lang/ref/Reference.refersTo
            java/lang/ref/WeakReference.refersTo java/lang/ref/SoftReference.refersTo java/lang/Runtime.freeMemory
            java/lang/Runtime.totalMemory java/lang/System.setProperty java/lang/System.clearProperty
            java/lang/System.setProperties java/lang/System.getProperties java/lang/Thread.setPriority
            java/util/Locale.setDefault java/util/TimeZone.setDefault java/nio/ByteBuffer.wrap
            java/lang/invoke/MutableCallSite.setTarget java/lang/invoke/VolatileCallSite.setTarget
            java/util/Random.ints java/util/Random.longs java/util/Random.doubles java/util/SplittableRandom.ints
            java/util/SplittableRandom.longs java/util/SplittableRandom.doubles java/util/random/RandomGenerator.ints
            java/util/random/RandomGenerator.longs java/util/random/RandomGenerator.doubles
            java/io/BufferedReader.lines java/util/regex/Matcher.results java/util/Scanner.tokens
            java/util/Scanner.findAll java/lang/Thread.setContextClassLoader
            java/util/stream/Collectors.toCollection java/nio/CharBuffer.wrap java/nio/ShortBuffer.wrap
            java/nio/IntBuffer.wrap java/nio/LongBuffer.wrap java/nio/FloatBuffer.wrap java/nio/DoubleBuffer.wrap
            """.split("\\s+"));


    private Refusals() {
    }

    static boolean isRefused(String owner, String name, String type) {
        String method = owner + "." + name;
        if (REFUSED.contains(method) || REFUSED.contains(method + type)
                || !name.equals("<init>") && REFUSED.contains(owner + ".*")) {
            return true;
        }
        for (int slash = owner.lastIndexOf('/'); slash > 0; slash = owner.lastIndexOf('/', slash - 1)) {
            if (REFUSED.contains(owner.substring(0, slash) + "/**")) {
                return true;
            }
        }
        boolean isNow = name.equals("now") && owner.startsWith("java/time/") && !type.contains("Ljava/time/Clock;");
        return isNow || owner.equals("java/lang/foreign/MemorySegment")
                && (name.startsWith("get") || name.startsWith("set")) && type.contains("ValueLayout");
    }

    /** Whether a call stays as it is, but is listed as unmodelled. */
    static boolean isListed(String owner, String name) {
        return LISTED.contains(owner + "." + name);
    }
}
