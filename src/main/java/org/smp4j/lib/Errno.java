package org.smp4j.lib;

/**
 * Error numbers as the kernel returns them: a method returns 0 or one of these negated, for example
 * {@code -Errno.ENXIO}. Mirrors {@code errno} of {@code include/uapi/asm-generic/errno-base.h}.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EBUSY = 16;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EDEADLK = 35;
    public static final int ENOSYS = 38;
    public static final int ETIMEDOUT = 110;
    public static final int ECANCELED = 125;
    public static final int EOPNOTSUPP = 95;

    private Errno() {
    }

    /**
     * The symbolic name of a result.
     *
     * @param result 0, or a negated error number
     * @return for example {@code -ENXIO}; the number itself if it has no name here
     */
    public static String name(int result) {
        return switch (-result) {
            case EPERM -> "-EPERM";
            case ENOENT -> "-ENOENT";
            case EINTR -> "-EINTR";
            case EIO -> "-EIO";
            case ENXIO -> "-ENXIO";
            case EAGAIN -> "-EAGAIN";
            case ENOMEM -> "-ENOMEM";
            case EBUSY -> "-EBUSY";
            case EINVAL -> "-EINVAL";
            case ENOSPC -> "-ENOSPC";
            case EDEADLK -> "-EDEADLK";
            case ENOSYS -> "-ENOSYS";
            case ETIMEDOUT -> "-ETIMEDOUT";
            case ECANCELED -> "-ECANCELED";
            case EOPNOTSUPP -> "-EOPNOTSUPP";
            default -> Integer.toString(result);
        };
    }

    /**
     * Turns an error into an exception, for callers that prefer one: {@code Errno.orThrow(hotplug.removeCpu(2))}.
     *
     * @param result what a method has returned
     * @return the same, if it is no error: 0 or positive
     * @throws ErrnoException if it is negative
     */
    public static int orThrow(int result) {
        if (result < 0) {
            throw new ErrnoException(result);
        }
        return result;
    }
}
