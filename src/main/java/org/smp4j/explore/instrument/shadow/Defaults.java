package org.smp4j.explore.instrument.shadow;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Default methods of interfaces that stay real, and that ask for the running thread: the JDK's own code of them would
 * find the thread on which the explorer runs. A shadow with the interface's name has each as a static method, whose
 * first parameter is the object; the rewritten classes that would inherit the method call that instead. All names are
 * internal ones, with slashes.
 */
public final class Defaults {
    /**
     * A default method.
     *
     * @param owner its interface
     * @param name its name
     * @param descriptor its type, as class files write it
     */
    public record Default(String owner, String name, String descriptor) {
        /** {@return the class that has it as a static method} */
        public ClassDesc holder() {
            return ClassDesc.ofInternalName(Shadows.PREFIX + owner);
        }

        /** {@return the type of the static method} */
        public MethodTypeDesc type() {
            return typeOf(MethodTypeDesc.ofDescriptor(descriptor), owner);
        }
    }

    private static final String SERVICE = "java/util/concurrent/ExecutorService";
    private static final String FUTURE = "java/util/concurrent/Future";
    private static final List<Default> ALL = List.of(new Default(SERVICE, "close", "()V"),
            new Default(FUTURE, "resultNow", "()Ljava/lang/Object;"),
            new Default(FUTURE, "exceptionNow", "()Ljava/lang/Throwable;"),
            new Default(FUTURE, "state", "()Ljava/util/concurrent/Future$State;"));
    private static final Set<String> HOLDERS = ALL.stream().map(method -> Shadows.PREFIX + method.owner())
            .collect(Collectors.toUnmodifiableSet());

    private Defaults() {
    }

    /** {@return all of them} */
    public static List<Default> all() {
        return ALL;
    }

    /** {@return whether a shadow has the default methods of an interface that stays real} */
    public static boolean isHolder(String shadow) {
        return HOLDERS.contains(shadow);
    }

    /**
     * Makes the shadow of an interface that stays real.
     *
     * @param file the interface's class file, in which classes are renamed already
     * @return a class file
     */
    public static byte[] hold(byte[] file) {
        ClassFile format = ClassFile.of();
        ClassModel model = format.parse(file);
        String owner = model.thisClass().asInternalName();
        return format.build(ClassDesc.ofInternalName(Shadows.PREFIX + owner), type -> {
            type.withVersion(model.majorVersion(), 0).withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL);
            model.forEach(element -> {
                if (element instanceof SourceFileAttribute source) {
                    type.with(source);
                } else if (element instanceof MethodModel method && isOne(owner, method)) {
                    type.withMethod(method.methodName().stringValue(), typeOf(method.methodTypeSymbol(), owner),
                            ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, made -> made.transformCode(
                                    method.code().orElseThrow(), CodeTransform.ACCEPT_ALL));
                }
            });
        });
    }

    private static boolean isOne(String owner, MethodModel method) {
        return ALL.contains(new Default(owner, method.methodName().stringValue(), method.methodType().stringValue()));
    }

    private static MethodTypeDesc typeOf(MethodTypeDesc type, String owner) {
        return type.insertParameterTypes(0, ClassDesc.ofInternalName(owner));
    }
}
