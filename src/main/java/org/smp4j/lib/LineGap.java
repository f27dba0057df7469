package org.smp4j.lib;

/**
 * Padding that keeps a CPU's frequently written fields off the cache lines of the preceding object, which often belongs
 * to another CPU; mirrors {@code ____cacheline_aligned} and the distance between the {@code percpu} areas of two CPUs.
 * The JVM lays out a superclass's fields first.
 */
public abstract class LineGap {
    byte a00, a01, a02, a03, a04, a05, a06, a07, a08, a09, a0a, a0b, a0c, a0d, a0e, a0f, a10, a11, a12, a13, a14, a15,
            a16, a17, a18, a19, a1a, a1b;
    byte a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a2a, a2b, a2c, a2d, a2e, a2f, a30, a31, a32, a33, a34, a35,
            a36, a37, a38, a39, a3a, a3b;
    byte a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, a4a, a4b, a4c, a4d, a4e, a4f, a50, a51, a52, a53, a54, a55,
            a56, a57, a58, a59, a5a, a5b;
    byte a60, a61, a62, a63, a64, a65, a66, a67, a68, a69, a6a, a6b, a6c, a6d, a6e, a6f, a70, a71, a72, a73, a74, a75,
            a76, a77, a78, a79, a7a, a7b;

    /** For subclasses. */
    protected LineGap() {
    }
}
